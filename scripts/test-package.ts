/**
 * Packs the package as it is published, and uses it as somebody would: installed into an empty project, without a
 * network, on the oldest node that it is for and on the newest. Nothing of this repository is on its way but the
 * example images.
 */
import {spawnSync} from 'node:child_process'
import {cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {delimiter, join, resolve} from 'node:path'
import {documentedExamples} from './package/documented-examples.ts'
import {nodeFolder, npmScript} from './package/nodes.ts'
import {packPackage} from './package/pack.ts'
import {createTally, differs} from './package/tally.ts'
import {withTemporaryFolder} from './support/temporary-folder.ts'

const ROOT = resolve(import.meta.dirname, '..')
const TOO_OLD = '22.14.0'
const NODES = ['22.15.0', '24.21.0']
/** For each node: install, what is installed, four runs of the command, the examples and the refusals. */
const LEAST = 22

const SAMPLE = 'docs/command.md'
const PLATFORMS = ['--platforms', 'linux/amd64,linux/arm64']
const {version}: {version: string} = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
const examples = documentedExamples(readFileSync(join(ROOT, 'docs/api.md'), 'utf8'))
/** A program in TypeScript that uses the package. */
const TYPED = `import {blobSource, check, FORMATS, identify, parsePlatform, render, SourceError} from 'verify-image-arch'
import type {CheckOptions, ImageSource, Report, ReportPlatform} from 'verify-image-arch'

const options: CheckOptions = {platforms: ['linux/arm64'], scope: 'entrypoint'}
const digest = \`sha256:\${'0'.repeat(64)}\`
const source: ImageSource = blobSource({
  reference: 'mine',
  root: {mediaType: 'application/vnd.oci.image.index.v1+json', digest, size: 2},
  read: async ({digest, size}) => (size > 0 && digest.length > 0 ? undefined : undefined),
})
const report: Report = await check([source], options)
const verdicts: ReportPlatform['verdict'][] = report.images.flatMap(image => image.platforms.map(({verdict}) => verdict))
const identity = await identify({size: 0, read: async () => new Uint8Array()})
if (identity.kind === 'elf') identity.malformed satisfies unknown
const platform = parsePlatform('linux/amd64')
if (platform.ok) platform.value.architecture satisfies string
export const texts = FORMATS.map(format => render(report, format))
export const failed = new SourceError('blob-missing', verdicts.join()).code
// @ts-expect-error a source without a root is none
blobSource({reference: 'mine', read: async () => undefined})
`

const tally = createTally('test:package')

await withTemporaryFolder('package', async folder => {
  const tarball = packPackage(ROOT, folder)
  for (const node of NODES) useWith(node, await nodeFolder(node), tarball, join(folder, node))
  const old = join(folder, NODES[0] ?? '')
  const refused = runIn(old, await nodeFolder(TOO_OLD), 'verify-image-arch', ['--version'])
  tally.tell(
    `node ${TOO_OLD}: the command says which node it needs`,
    refused.status === 2 && refused.stderr.includes(`22.15, 23.8 or newer is needed, and this is node ${TOO_OLD}`)
      ? undefined
      : `ended with ${refused.status}: ${refused.stderr}`,
  )
  tellTypes(old, 'nodenext')
  tellTypes(old, 'bundler')
})
tally.end(LEAST)

function useWith(node: string, bin: string, tarball: string, project: string): void {
  const tell = (what: string, problem: string | undefined): void => tally.tell(`node ${node}: ${what}`, problem)
  mkdirSync(project)
  writeFileSync(join(project, 'package.json'), '{"name": "empty", "private": true, "type": "module"}\n')
  const install = [npmScript(), 'install', '--offline', '--no-audit', '--no-fund', '--engine-strict', tarball]
  const installed = runIn(project, bin, join(bin, 'node'), install)
  tell('installs without a network', installed.status === 0 ? undefined : installed.stderr + installed.stdout)
  const names = readdirSync(join(project, 'node_modules')).filter(name => !name.startsWith('.'))
  tell('brings no other package', differs(names.join(), 'verify-image-arch'))
  for (const name of ['match', 'mismatch'])
    cpSync(join(ROOT, 'examples', name), join(project, 'examples', name), {recursive: true})

  const command = (args: readonly string[]) => runIn(project, bin, 'verify-image-arch', args)
  tell('--version', differs(command(['--version']).stdout, `verify-image-arch ${version}\n`))
  tell(
    'the command verifies examples/match',
    exits(command(['oci:examples/match', ...PLATFORMS]), 0, 'verified: 2 of 2'),
  )
  const {stdout} = command(['oci:examples/mismatch', ...PLATFORMS, '--format', 'json'])
  const [, sample = ''] = /<!-- sample -->\n```text\n(.*?)```\n/s.exec(readFileSync(join(ROOT, SAMPLE), 'utf8')) ?? []
  if (sample === '') throw new Error(`${SAMPLE} has no sample`)
  tell(
    `the command prints the sample of ${SAMPLE}`,
    differs(command(['oci:examples/mismatch', ...PLATFORMS]).stdout, sample),
  )
  const {tool}: {tool: {digest?: string}} = JSON.parse(stdout)
  tell(
    'the report names the program',
    /^sha256:[0-9a-f]{64}$/.test(tool.digest ?? '') ? undefined : JSON.stringify(tool),
  )

  for (const [at, {name, code, prints}] of examples.entries()) {
    writeFileSync(join(project, `example-${at}.js`), code)
    const {stdout: printed, stderr} = runIn(project, bin, 'node', [`example-${at}.js`])
    tell(`docs/api.md: ${name}`, differs(printed + stderr, prints))
  }
  const inner = runIn(project, bin, 'node', [
    '-e',
    "import('verify-image-arch/lib/library.mjs').catch(e => console.log(e.code))",
  ])
  tell('nothing but the exports can be imported', differs(inner.stdout, 'ERR_PACKAGE_PATH_NOT_EXPORTED\n'))
}

/** The examples as TypeScript, checked strictly with the declarations of the package, and no types of node in them. */
function tellTypes(project: string, kind: 'nodenext' | 'bundler'): void {
  const file = join(project, `types-${kind}.ts`)
  writeFileSync(file, TYPED)
  const module = kind === 'bundler' ? 'esnext' : kind
  const flags = [
    '--strict',
    '--noEmit',
    '--skipLibCheck',
    'false',
    '--target',
    'es2022',
    '--exactOptionalPropertyTypes',
  ]
  const args = [...flags, '--module', module, '--moduleResolution', kind, '--types', '', file]
  const {status, stdout} = spawnSync(process.execPath, [join(ROOT, 'node_modules/typescript/lib/tsc.js'), ...args], {
    cwd: project,
    encoding: 'utf8',
  })
  tally.tell(`the types compile (${kind})`, status === 0 ? undefined : stdout)
}

function exits({status, stdout, stderr}: ReturnType<typeof runIn>, expected: number, says: string): string | undefined {
  return status === expected && stdout.startsWith(says) ? undefined : `ended with ${status}: ${stdout}${stderr}`
}

function runIn(project: string, bin: string, program: string, args: readonly string[]) {
  const PATH = [bin, join(project, 'node_modules/.bin'), '/usr/bin', '/bin'].join(delimiter)
  return spawnSync(program, args, {cwd: project, encoding: 'utf8', env: {PATH, HOME: project}})
}
