import {expect, test} from '@jest/globals'
import {buildElf, type ElfOptions} from '../support/elf-builder.ts'
import {findingsOfImage} from '../support/image-findings.ts'
import {executable, type MemoryTree} from '../support/memory-rootfs.ts'

const LOADER = '/lib64/ld-linux-x86-64.so.2'
const file = (options: ElfOptions = {}) => executable(buildElf({machine: 62, ...options}))
const sh = (options: ElfOptions = {}) => file({type: 'dyn', interpreter: LOADER, needed: ['libc.so.6'], ...options})
const loader = file({type: 'dyn', soname: 'ld-linux-x86-64.so.2', versionDefinitions: ['GLIBC_2.2.5']})
const libc = file({type: 'dyn', soname: 'libc.so.6', versionDefinitions: ['GLIBC_2.2.5']})
const BASE: MemoryTree = {'/app': file(), '/bin/sh': sh(), [LOADER]: loader, '/lib64/libc.so.6': libc}

const NEWER = sh({versionNeeds: [{file: 'libc.so.6', versions: ['GLIBC_2.38']}]})
const without = (path: string): MemoryTree => Object.fromEntries(Object.entries(BASE).filter(([one]) => one !== path))

const NO_LIBRARY = ['error missing-library /bin/sh']
const NO_LOADER = ['error missing-interpreter /bin/sh']

// The entrypoint is a static program: nothing of it stands on the shell.
test.each<[string, MemoryTree, readonly string[]]>([
  ['a shell that loads all it needs', BASE, []],
  ['no shell', without('/bin/sh'), []],
  ['a static shell', {...without(LOADER), '/bin/sh': file()}, []],
  ['without its loader', without(LOADER), NO_LOADER],
  ['without its libc', without('/lib64/libc.so.6'), NO_LIBRARY],
  ['with a libc that is older than it needs', {...BASE, '/bin/sh': NEWER}, ['error libc-too-old /bin/sh']],
  ['behind links', {...without(LOADER), '/bin/sh': {link: '/usr/bin/dash'}, '/usr/bin/dash': sh()}, NO_LOADER],
  ['that nobody may execute', {...BASE, '/bin/sh': buildElf({machine: 62})}, []],
  ['of another machine', {...BASE, '/bin/sh': file({machine: 183})}, ['error foreign-executable /bin/sh']],
  [
    'whose loader is of another machine',
    {...BASE, [LOADER]: file({machine: 183})},
    [`error foreign-executable ${LOADER}`],
  ],
])('/bin/sh: %s', async (_, files, expected) => {
  for (const scope of ['essential', 'image'] as const) {
    const found = await findingsOfImage({files, scope, config: {entrypoint: ['/app']}})
    const told = found.filter(({level}) => level !== 'note').map(({level, rule, path}) => `${level} ${rule} ${path}`)
    expect(told).toEqual(expected)
  }
  expect(await findingsOfImage({files, scope: 'entrypoint', config: {entrypoint: ['/app']}})).toEqual([])
})

test('what the entrypoint stands on is told once', async () => {
  const config = {entrypoint: ['/bin/sh', '-c', 'exec /app']}
  const found = await findingsOfImage({files: without('/lib64/libc.so.6'), config})
  expect(found.map(({level, rule}) => `${level} ${rule}`)).toEqual(['error missing-library'])
})
