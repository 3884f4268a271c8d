import {describe, expect, test} from '@jest/globals'
import {dynamicElf} from '../../../scripts/kernel/dynamic-elf.ts'
import {program} from '../../../scripts/kernel/elf.ts'
import {findingsOfImage, sayFindings, type TestImage} from '../../support/image-findings.ts'
import {executable, type MemoryTree} from '../../support/memory-rootfs.ts'
import {nativeProgram, scriptTree} from '../../support/script-start.ts'

const LOADER = '/lib/ld-musl-x86_64.so.1'
const FOREIGN = executable(program({machine: 183}))
const TREE = scriptTree()

/** Where an engine puts something, and what its finding says of it. */
const PLACES: readonly (readonly [path: string, by: string])[] = [
  ['/proc/self/exe', "the engine's mount of /proc may contain it"],
  ['/proc/1/root/bin/tool', "the engine's mount of /proc may contain it"],
  ['/sys/fs/cgroup/run', "the engine's mount of /sys may contain it"],
  ['/dev/shm/run', "the engine's mount of /dev may contain it"],
  ['/dev/stdin', "the engine's mount of /dev may contain it"],
  ['/dev/fd/3', "the engine's mount of /dev may contain it"],
  ['/etc/resolv.conf', "the engine's mount of /etc/resolv.conf may contain it"],
  ['/etc/hosts', "the engine's mount of /etc/hosts may contain it"],
  ['/etc/hostname', "the engine's mount of /etc/hostname may contain it"],
  ['/run/secrets/run.sh', 'the engine may add it when the container starts'],
  ['/run/configs/run.sh', 'the engine may add it when the container starts'],
  ['/var/run/secrets/token', 'the engine may add it when the container starts'],
  ['/etc/mtab', 'the engine may add it when the container starts'],
  ['/.dockerenv', 'the engine may add it when the container starts'],
  ['/run/.containerenv', 'the engine may add it when the container starts'],
]

/** How an image uses such a path, and what is then reported, by the path's own name or by another. */
const USES: Readonly<Record<string, (path: string) => readonly [TestImage, reported: string]>> = {
  'the entrypoint': path => [{files: {}, config: {entrypoint: [path]}}, `missing-program ${path}`],
  'exec of a script': path => [script(`exec ${path}`), `missing-program ${path}`],
  'a command of a script': path => [script(`set -e\n${path} --once\nexec /app/server`), `missing-program ${path}`],
  "a shell's argument": path => [script(`exec sh ${path}`), `missing-program ${path}`],
  "an interpreter's argument": path => [script(`exec python3 ${path}`), `missing-program ${path}`],
  'a wrapper': path => [script(`exec env A=1 ${path}`), `missing-program ${path}`],
  'the HEALTHCHECK': path => [
    {files: TREE, config: {entrypoint: ['/app/server'], healthcheck: ['CMD', path]}},
    `missing-program ${path}`,
  ],
  'an interpreter in #!': path => [entry(`#!${path}\n`), 'missing-interpreter /entry'],
  'a loader': path => [
    {files: {'/entry': executable(dynamicElf({interp: path, needed: []}))}, config: {entrypoint: ['/entry']}},
    'missing-interpreter /entry',
  ],
  'a symlink there': path => [
    {files: {...TREE, '/entry': {link: path}}, config: {entrypoint: ['/entry']}},
    'missing-program /entry',
  ],
  'a symlink to a directory there': path => [
    {
      files: {...TREE, '/way': {link: path.slice(0, path.lastIndexOf('/')) || '/'}},
      config: {entrypoint: [`/way/${base(path)}`]},
    },
    `missing-program /way/${base(path)}`,
  ],
  'a link that a script makes': path => [script(`ln -s ${path} /tmp/x; exec /tmp/x`), 'missing-program /tmp/x'],
}

function script(text: string): TestImage {
  return {files: {...TREE, '/entry': executable(`#!/bin/sh\n${text}\n`)}, config: {entrypoint: ['/entry']}}
}

function entry(text: string): TestImage {
  return {files: {...TREE, '/entry': executable(text)}, config: {entrypoint: ['/entry']}}
}

function base(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

describe.each(Object.keys(USES))('what is missing where an engine puts it, as %s, is a note', use => {
  test.each(PLACES)('%s', async (path, by) => {
    const [image, reported] = USES[use]?.(path) ?? []
    if (!image) throw new Error(use)
    const findings = await findingsOfImage(image)
    expect(findings.map(({level, rule, path: at}) => `${level} ${rule} ${at}`)).toEqual([`note ${reported}`])
    expect(findings[0]?.message).toContain(by)
  })
})

describe('what an engine mounts is not what the image has there', () => {
  test.each<[path: string, ...reported: string[]]>([
    ['/dev/tool', 'note wrong-machine /dev/tool'],
    ['/proc/tool', 'note wrong-machine /proc/tool'],
    ['/sys/tool', 'note wrong-machine /sys/tool'],
    ['/etc/hosts', 'note wrong-machine /etc/hosts'],
    // What is not mounted over stands.
    ['/run/secrets/tool', 'error wrong-machine /run/secrets/tool'],
    ['/device/tool', 'error wrong-machine /device/tool'],
    ['/process', 'error wrong-machine /process'],
  ])('a foreign program at %s', async (path, ...reported) => {
    expect(await sayFindings({files: {[path]: FOREIGN}, config: {entrypoint: [path]}})).toEqual(reported)
  })

  test.each(['. /dev/stdin', '. /run/secrets/env', '. /etc/hostname', '[ -f /proc/1/x ] && . /proc/1/x'])(
    'a script that reads in %s may go on, and does nothing for certain',
    async text => {
      expect(await sayFindings(script(`${text}; exec /app/server`))).toEqual([])
      expect(await sayFindings(script(`${text}; exec /app/arm`))).toEqual(['error wrong-machine /app/arm'])
    },
  )

  test.each<[env: readonly string[], level: string]>([
    [['LD_LIBRARY_PATH=/dev/shm'], 'note'],
    [['LD_LIBRARY_PATH=/proc/1/root/lib'], 'note'],
    [['LD_LIBRARY_PATH=/run/secrets'], 'note'],
    [['LD_LIBRARY_PATH=/opt'], 'error'],
    [[], 'error'],
  ])('a library that is missing with %j', async (env, level) => {
    const files: MemoryTree = {
      [LOADER]: executable(dynamicElf({needed: []})),
      '/entry': executable(dynamicElf({interp: LOADER, needed: ['libx.so']})),
    }
    const config = {entrypoint: ['/entry'], env: ['PATH=/bin', ...env]}
    expect(await sayFindings({files, config})).toEqual([`${level} missing-library /entry`])
  })

  test.each<[path: string, entrypoint: string, ...reported: string[]]>([
    ['/dev/shm:/bin', 'tool', 'error wrong-machine /bin/tool'],
    ['/proc/x:/bin', 'tool', 'error wrong-machine /bin/tool'],
    ['/dev/own:/bin', 'tool', 'error wrong-machine /bin/tool'],
    ['/dev/own:/bin', 'other'],
    ['/dev/shm:/bin', 'none', 'note missing-program none'],
    ['/bin', 'none', 'error missing-program none'],
  ])('in PATH=%s, %s', async (path, entrypoint, ...reported) => {
    const own = {
      '/dev/own/tool': executable(nativeProgram()),
      '/dev/own/other': FOREIGN,
      '/bin/other': executable(nativeProgram()),
    }
    const files = {'/bin/tool': FOREIGN, ...own}
    const config = {entrypoint: [entrypoint], env: [`PATH=${path}`]}
    expect(await sayFindings({files, config})).toEqual(reported)
    const byScript = {...TREE, ...files, '/entry': executable(`#!/bin/sh\nexec ${entrypoint}\n`)}
    expect(await sayFindings({files: byScript, config: {...config, entrypoint: ['/entry']}})).toEqual(reported)
  })
})
