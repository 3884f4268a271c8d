/**
 * Makes all that a release publishes, and verifies it, without publishing anything:
 * `npm run release -- --dry-run [--output FOLDER] [--without-image]`. release.yml runs it, and publishes what it made;
 * there is no other way to publish.
 */
import {execFileSync} from 'node:child_process'
import {existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync} from 'node:fs'
import {basename, join, resolve} from 'node:path'
import {parseArgs} from 'node:util'
import {packPackage} from './package/pack.ts'
import {checksums, differences, filesBelow} from './release/files.ts'
import {buildContainer, verifyContainer} from './release/image.ts'
import {withTemporaryFolder} from './support/temporary-folder.ts'

const {values} = parseArgs({
  options: {'dry-run': {type: 'boolean'}, output: {type: 'string'}, 'without-image': {type: 'boolean'}},
})
if (values['dry-run'] !== true) {
  console.error('Only release.yml publishes. Here: npm run release -- --dry-run [--output FOLDER] [--without-image]')
  process.exit(2)
}
const {version}: {version: string} = JSON.parse(readFileSync('package.json', 'utf8'))

await withTemporaryFolder('release', async folder => {
  const output = values.output === undefined ? join(folder, 'artifacts') : resolve(values.output)
  if (existsSync(output) && readdirSync(output).length > 0) throw new Error(`${output} is not empty`)
  mkdirSync(output, {recursive: true})

  step('the changelog tells of this version', () => {
    const [, notes = ''] = readFileSync('CHANGELOG.md', 'utf8').split(`\n## ${version} - `)
    if (notes.trim() === '') throw new Error(`CHANGELOG.md has no ## ${version}`)
  })
  step('dist/ is what its sources make', () => {
    const built = join(folder, 'dist')
    execFileSync(process.execPath, ['--no-warnings', 'scripts/build.ts', built], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const wrong = differences('dist', built)
    if (wrong.length > 0) throw new Error(wrong.join('\n'))
    writeFileSync(join(output, 'dist.sha256'), checksums('dist', filesBelow('dist'), 'dist/'))
  })
  step('the action and the command say this version', () => {
    const said = execFileSync(process.execPath, ['dist/cli.mjs', '--version'], {encoding: 'utf8'})
    if (said !== `verify-image-arch ${version}\n`) throw new Error(said)
  })
  step('the npm package', () => {
    const tarball = packPackage('.', folder)
    renameSync(tarball, join(output, basename(tarball)))
  })
  step('the npm package, installed on two versions of node', () => {
    execFileSync(process.execPath, ['--no-warnings', 'scripts/test-package.ts'], {stdio: 'inherit'})
  })
  if (values['without-image'] === true) console.log('NOT MADE: the container image (--without-image)')
  else {
    const {archive, sizes} = await buildContainer(output)
    for (const [platform, size] of sizes) console.log(`image.tar: ${platform} takes ${size} bytes of a registry`)
    step('the container image, verified by the command that is released', () =>
      verifyContainer(archive, join(output, 'image-report.json')),
    )
  }
  writeFileSync(join(output, 'SHA256SUMS'), checksums(output, filesBelow(output)))
  step('the checksums', () =>
    execFileSync('sha256sum', ['--check', '--strict', '--quiet', 'SHA256SUMS'], {cwd: output, stdio: 'inherit'}),
  )
  console.log(`\n${version} can be released:\n${readFileSync(join(output, 'SHA256SUMS'), 'utf8')}`)
})

function step(what: string, body: () => void): void {
  console.log(`\n== ${what}`)
  body()
}
