import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {text} from 'node:stream/consumers'
import {describe, expect, test} from '@jest/globals'
import {temporaryFolder} from '../support/temporary-folder.ts'

const ROOT = join(import.meta.dirname, '../..')

/** The files that ask for the system's temporary folder, and remove what they make in it. */
const MAKERS = [
  '__tests__/support/run-folder.ts',
  '__tests__/support/temporary-folder.ts',
  'e2e/ground/folder.ts',
  'scripts/kernel/fast-directory.ts',
  'scripts/support/temporary-folder.ts',
]

describe('tests and scripts', () => {
  const files = ['__tests__', 'scripts', 'bench', 'e2e', 'findings'].flatMap(folder =>
    readdirSync(join(ROOT, folder), {recursive: true, encoding: 'utf8'})
      .filter(name => /\.(?:ts|mjs|js)$/.test(name) && !name.includes('node_modules'))
      .map(name => `${folder}/${name}`),
  )
  const naming = (pattern: RegExp): string[] =>
    files
      .filter(file => file !== '__tests__/architecture/temporary-folders.test.ts')
      .filter(file => pattern.test(readFileSync(join(ROOT, file), 'utf8')))

  test('ask for the temporary folder by the functions that remove what is made in it', () => {
    expect(naming(/\btmpdir\(\)/).toSorted()).toEqual(MAKERS)
  })

  test('make folders of new names by the same functions; e2e within its ground, which is removed whole', () => {
    const makers = naming(/\bmkdtemp(?:Sync)?\b/).filter(file => !file.startsWith('e2e/'))
    expect(makers.filter(file => !MAKERS.includes(file))).toEqual([])
    expect(makers).not.toEqual([])
  })
})

describe('what a script makes in the temporary folder is gone', () => {
  const MODULE = join(ROOT, 'scripts/support/temporary-folder.ts')
  /** Runs a script; its output, its exit code and what it left. */
  async function run(body: string, signal?: NodeJS.Signals) {
    const temporary = temporaryFolder('scripts')
    const source = `import {makeTemporaryFolder, withTemporaryFolder} from ${JSON.stringify(MODULE)}
import {writeFileSync} from 'node:fs'
${body}`
    const child = spawn(process.execPath, ['--no-warnings', '--input-type=module-typescript', '--eval', source], {
      env: {PATH: process.env.PATH, TMPDIR: temporary},
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    if (signal !== undefined) child.stdout.once('data', () => child.kill(signal))
    const [printed, [exitCode, killedBy]] = await Promise.all([text(child.stdout), once(child, 'close')])
    return {printed, end: exitCode ?? killedBy, left: readdirSync(temporary)}
  }
  const MAKE = "const folder = await makeTemporaryFolder('x'); writeFileSync(folder + '/file', '')\n"
  const WAIT = "console.log('made'); setInterval(() => {}, 1000)\n"

  test.each<[how: string, body: string, signal: NodeJS.Signals | undefined, end: number]>([
    ['by itself', MAKE, undefined, 0],
    ['by process.exit', `${MAKE}process.exit(4)`, undefined, 4],
    ['by an error', `${MAKE}throw new Error('x')`, undefined, 1],
    ['by an error in the body', "await withTemporaryFolder('x', async () => { throw new Error('x') })", undefined, 1],
    ['by SIGINT', MAKE + WAIT, 'SIGINT', 130],
    ['by SIGTERM', MAKE + WAIT, 'SIGTERM', 143],
    ['by SIGHUP', MAKE + WAIT, 'SIGHUP', 129],
    [
      'by SIGTERM that another listener hears, too',
      `${MAKE}process.on('SIGTERM', () => setTimeout(() => process.exit(7), 50))\n${WAIT}`,
      'SIGTERM',
      7,
    ],
  ])('when it ends %s', async (_, body, signal, end) => {
    expect(await run(body, signal)).toMatchObject({end, left: []})
  })

  test('when its body is over, and not before', async () => {
    const body = `import {existsSync} from 'node:fs'
const made = await withTemporaryFolder('x', async folder => [folder, existsSync(folder)])
console.log(made[1], existsSync(made[0]), process.listenerCount('SIGINT'))`
    expect(await run(body)).toEqual({printed: 'true false 0\n', end: 0, left: []})
  })
})
