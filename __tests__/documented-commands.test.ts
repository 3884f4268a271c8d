import {execFile} from 'node:child_process'
import {readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join, resolve} from 'node:path'
import {promisify} from 'node:util'
import {expect, test} from '@jest/globals'
import {TWO_PLATFORMS} from './source/registry/fixtures.ts'
import {startRegistryServer} from './support/registry-server.ts'
import {documented} from './support/snippets.ts'
import {temporaryFolder} from './support/temporary-folder.ts'

// Every command of the documentation is run: here, or by the test that is named here. A new one fails until it is.

const pagesIn = (folder: string): readonly string[] =>
  readdirSync(folder)
    .filter(name => name.endsWith('.md'))
    .map(name => join(folder, name))
const PAGES = [...pagesIn('.'), ...pagesIn('docs'), ...pagesIn('docs/rules')]
const FORMS = readdirSync('.github/ISSUE_TEMPLATE').map(name => join('.github/ISSUE_TEMPLATE', name))

/** What is run elsewhere, and a text of the test that runs it. */
const ELSEWHERE: readonly (readonly [command: RegExp, test: string, text: string])[] = [
  [/^docker run .* ghcr\.io\//, 'e2e/container.e2e.ts', '^docker run'],
  [/^cd dist && find -- /, '__tests__/bin/program-digest.test.ts', "documented('docs/attestation.md'"],
  [/^cosign verify-attestation /, 'e2e/ground/cosign.ts', 'verify-attestation'],
  // Its answer is that of GitHub, of a release that is there.
  [
    /^gh attestation verify dist\/action\.mjs --repo [\w.-]+\/[\w.-]+$/,
    '.github/workflows/release.yml',
    'dist/**/*.mjs',
  ],
]

const scripts: Readonly<Record<string, string>> = JSON.parse(readFileSync('package.json', 'utf8')).scripts

/** The commands of blocks, one per line, and those of the running text that are whole. */
const commands = new Set([
  ...PAGES.flatMap(page => documented(page, 'sh')).flatMap(code =>
    code
      .replaceAll(/\s*\\\n\s*/g, ' ')
      .split('\n')
      .map(line => line.replace(/\s+#.*$/, '').trim())
      .filter(line => line !== ''),
  ),
  ...[...PAGES, ...FORMS].flatMap(page =>
    Array.from(
      readFileSync(page, 'utf8').matchAll(/`((?:npx )?verify-image-arch (?:--|explain )[^`]*|npm run [^`]*)`/g),
      ([, text = '']) => text.replaceAll(/\s+/g, ' '),
    ),
  ),
])

const ours = [...commands].filter(
  command => /\bverify-image-arch (?!:)(?!.*ghcr\.io)/.test(command) && !command.startsWith('gh '),
)
const npm = [...commands].filter(command => command.startsWith('npm '))

test('there are many', () => {
  expect(ours.length).toBeGreaterThan(3)
  expect(npm.length).toBeGreaterThan(15)
})

test.each([...commands].filter(command => ![...ours, ...npm].includes(command)))(
  '%s: another test runs it',
  command => {
    const [, file = '', text = ''] = ELSEWHERE.find(([pattern]) => pattern.test(command)) ?? []
    expect(file).not.toBe('')
    expect(readFileSync(file, 'utf8')).toContain(text)
  },
)

test.each(npm)('%s: there is such a script', command => {
  for (const part of command.split(' && ')) {
    const [, name = 'ci'] = /^npm (?:run )?([\w:]+)/.exec(part) ?? []
    expect([...Object.keys(scripts), 'ci', 'install']).toContain(name)
  }
})

const MANIFEST = (image: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n    - {name: a, image: ${image}}\n`

/** What a registry says of itself: one repository with these tags. */
function listing(url: string, tags: readonly string[]): {readonly status: number; readonly body: string} | undefined {
  if (url.startsWith('/v2/_catalog')) return {status: 200, body: JSON.stringify({repositories: ['org/app']})}
  if (!url.startsWith('/v2/org/app/tags/list')) return undefined
  return {status: 200, body: JSON.stringify({name: 'org/app', tags})}
}

test.each(ours)('%s', async command => {
  const folder = temporaryFolder('documented')
  const tags = ['1', '2', '3', '4', '1.0']
  const server = await startRegistryServer({other: ({url}) => listing(url, tags)})
  try {
    for (const tag of tags) server.push('org/app', TWO_PLATFORMS, tag)
    writeFileSync(join(folder, 'images.txt'), tags.map(tag => `docker://${server.host}/org/app:${tag}\n`).join(''))
    writeFileSync(
      join(folder, '.verify-image-arch.yml'),
      'version: 1\ndefaults:\n  platforms: [linux/amd64, linux/arm64]\n',
    )
    writeFileSync(join(folder, 'Dockerfile'), 'FROM scratch\nCOPY app /app\nCMD ["/app"]\n')
    const put = (name: string, script: string): void => writeFileSync(join(folder, name), script, {mode: 0o755})
    const cli = `exec '${process.execPath}' '${resolve('dist/cli.mjs')}' "$@"`
    put('verify-image-arch', `#!/bin/sh\n${cli}\n`)
    put('npx', `#!/bin/sh\nshift\n${cli}\n`)
    put('helm', `#!/bin/sh\ncat <<'END'\n${MANIFEST(`${server.host}/org/app:1`)}END\n`)
    const line = command
      .replaceAll(/\bIMAGE\b/g, `oci:${resolve('examples/mismatch')}`)
      .replaceAll('registry.example/team', `${server.host}/org`)
    const run = (script: string) =>
      promisify(execFile)('bash', ['-o', 'pipefail', '-ec', script], {
        cwd: folder,
        env: {PATH: `${folder}:/usr/bin:/bin`, HOME: folder},
      })
    if (line.includes('plan.jsonl')) await run('verify-image-arch plan --images-from images.txt --output plan.jsonl')
    // What is merged is what an earlier run has written.
    for (const results of /\b(?:merge|trend)\b/.test(line) ? ['results.jsonl', 'part-1.jsonl', 'last.jsonl'] : []) {
      await run(`verify-image-arch --images-from images.txt --stream ${results}`)
    }
    const {stdout, stderr} = await run(line)
    const written = Array.from(line.matchAll(/(?:--stream |--output |--report \w+=)(\S+)/g), ([, file = '']) => file)
    expect(written.length > 0 || stdout + stderr !== '').toBe(true)
    for (const file of written) {
      expect(readFileSync(join(folder, file), 'utf8')).not.toBe('')
    }
  } finally {
    await server.stop()
  }
})
