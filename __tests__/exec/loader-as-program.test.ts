import {describe, expect, test} from '@jest/globals'
import {glibcLibrary, glibcLoader, glibcProgram, muslLoader, muslProgram} from '../../scripts/incidents/machines.ts'
import {program} from '../../scripts/kernel/elf.ts'
import {imageConfig} from '../support/image-config.ts'
import {findingsOfImage} from '../support/image-findings.ts'
import {executable, type MemoryTree, memoryRootfs} from '../support/memory-rootfs.ts'
import {readStartup} from '../support/told-startup.ts'

/*
 * A loader that is started itself, with libraries beside it: what packs a program with its C library makes such images.
 * As seen of glibc 2.36 in a chroot.
 */

const LD = '/app/lib/ld-linux-x86-64.so.2'
const MUSL = '/app/lib/ld-musl-x86_64.so.1'
const ENTRY = {entry: 0x40}
const FILES: MemoryTree = {
  [LD]: executable(glibcLoader('amd64', ENTRY)),
  '/app/lib/libc.so.6': {content: glibcLibrary('amd64', '2.36'), mode: 0o644},
  [MUSL]: executable(muslLoader('amd64', ENTRY)),
  '/app/bin/app': executable(glibcProgram('amd64')),
  '/app/bin/new': executable(glibcProgram('amd64', '2.38')),
  '/app/bin/plain': {content: glibcProgram('amd64'), mode: 0o644},
  '/app/bin/private': {content: glibcProgram('amd64'), mode: 0o700},
  '/app/bin/musl': executable(muslProgram('amd64')),
  '/app/bin/static': executable(program({})),
  '/app/bin/arm': executable(program({machine: 183})),
  '/app/bin/text': executable('exec app\n'),
  '/app/bin/script': executable('#!/app/bin/static\n'),
}

/** What is wrong, or why it is not known; `started` where nothing is. */
async function start(argv: readonly string[], user = ''): Promise<string> {
  const config = imageConfig({entrypoint: argv, env: ['PATH=/bin'], user})
  const platform = {os: 'linux', architecture: 'amd64', variant: ''}
  const {steps, undetermined} = await readStartup({config, rootfs: memoryRootfs(FILES), platform})
  const wrong = steps.flatMap(({obstacle}) => obstacle ?? [])[0]
  if (wrong) return 'reason' in wrong ? wrong.reason : wrong.kind
  return undetermined ?? (steps.length > 1 ? 'started' : 'nothing')
}

describe('what it is given', () => {
  test.each<[argv: string, expected: string]>([
    [`${LD} --library-path /app/lib /app/bin/app -x`, 'started'],
    [`${LD} --inhibit-cache --argv0 x --preload /nosuch.so --library-path /x:/app/lib /app/bin/app`, 'started'],
    // It reads the file, and nobody executes it.
    [`${LD} --library-path /app/lib /app/bin/plain`, 'started'],
    [`${LD} /app/bin/app`, 'missing-library'],
    [`${LD} --library-path /app/lib /app/bin/new`, 'missing-version'],
    [`${LD} /app/bin/static`, 'started'],
    [`${LD} --argv0 x /app/bin/arm`, 'aarch64, expected x86-64'],
    [`${LD} /app/bin/nosuch`, 'missing'],
    [`${LD} /app/bin/text`, 'the loader does not load /app/bin/text: text without #!'],
    [`${LD} /app/bin/script`, 'the loader does not load /app/bin/script: script for /app/bin/static'],
    [`${LD} /app/bin`, 'the loader does not load /app/bin: directory'],
    [`${LD} app`, 'ld-linux-x86-64.so.2 looks for app as it looks for a library'],
    [`${LD} --nosuch /app/bin/static`, 'it has no option --nosuch'],
    [`${LD} --library-path=/app/lib /app/bin/app`, 'it has no option --library-path=/app/lib'],
    [`${LD} --list /app/bin/arm`, 'nothing'],
    [`${LD} --preload`, 'nothing'],
    [LD, 'nothing'],
    [`${MUSL} --library-path /app/lib -- /app/bin/musl`, 'started'],
    [`${MUSL} --library-path=/app/lib --argv0=x /app/bin/musl`, 'started'],
  ])('%s', async (argv, expected) => {
    expect(await start(argv.split(' '))).toBe(expected)
  })

  test('must be readable', async () => {
    const argv = [LD, '--library-path', '/app/lib', '/app/bin/private']
    expect(await start(argv, '1000:1000')).toBe('not-readable')
  })
})

describe('what the report has of it', () => {
  const stepsOf = async (path: string, user = '') => {
    const config = imageConfig({entrypoint: [LD, '--library-path', '/app/lib', path], env: ['PATH=/bin'], user})
    const platform = {os: 'linux', architecture: 'amd64', variant: ''}
    return (await readStartup({config, rootfs: memoryRootfs(FILES), platform})).steps
  }

  test.each<[path: string, steps: readonly string[]]>([
    // The loader of its own name is read for the report, and does not start.
    ['/app/bin/app', [`program ${LD}`, 'program /app/bin/app', `loader ${LD}`]],
    ['/app/bin/static', [`program ${LD}`, 'program /app/bin/static']],
    ['/app/bin/arm', [`program ${LD}`, 'program /app/bin/arm']],
    ['/app/bin/text', [`program ${LD}`, 'program /app/bin/text']],
  ])('the steps of %s', async (path, expected) => {
    expect((await stepsOf(path)).map(step => `${step.role} ${step.path}`)).toEqual(expected)
  })

  test.each<[path: string, obstacle: object]>([
    ['/app/bin/arm', {kind: 'refused', errno: 'ELIBBAD', reason: 'aarch64, expected x86-64'}],
    ['/app/bin/private', {kind: 'not-readable', errno: 'EACCES', at: '/app/bin/private'}],
    ['/app/bin/text', {kind: 'refused-arguments', reason: 'the loader does not load /app/bin/text: text without #!'}],
  ])('why %s does not start', async (path, obstacle) => {
    const steps = await stepsOf(path, '1000:1000')
    expect(steps.flatMap(step => step.obstacle ?? [])).toEqual([obstacle])
    expect(steps.at(-1)?.verdict === undefined).toBe(path !== '/app/bin/arm' && path !== '/app/bin/private')
  })
})

test.each([
  ['/app/bin/arm', 'wrong-machine'],
  ['/app/bin/script', 'refused-arguments'],
  ['/app/bin/text', 'refused-arguments'],
])('%s is an error: %s', async (path, rule) => {
  const findings = await findingsOfImage({files: FILES, config: {entrypoint: [LD, path]}})
  expect(findings.filter(({level}) => level === 'error').map(({rule: id}) => id)).toEqual([rule])
})
