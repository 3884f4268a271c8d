import {buildElf, type ElfOptions} from '../../../__tests__/support/elf-builder.ts'
import {sharedVersions} from '../../../__tests__/support/elf-tables.ts'
import {type TarItem, tarItem} from '../../support/tar-builder.ts'
import type {ImageFolder} from '../image-folder.ts'
import type {Shape} from '../shape.ts'
import {APP, TAR_END} from '../tars.ts'

const MIB = 2 ** 20
export const LOADER = '/lib64/ld-linux-x86-64.so.2'
/** Enough of glibc's loader to be known, and where it looks. */
export const GLIBC_LOADER = Buffer.concat([
  buildElf({type: 'dyn', soname: 'ld-linux-x86-64.so.2', versionDefinitions: ['GLIBC_2.2.5', 'GLIBC_PRIVATE']}),
  Buffer.from('\0/l/\0/usr/lib/\0'),
])
const names = (count: number): string[] => Array.from({length: count}, (_, at) => `lib${at}.so`)

/** Programs and libraries with tables, graphs and files beside them that are as large as they can be. */
export const PROGRAMS: readonly Shape[] = [
  elf('a program that needs a thousand libraries', undefined, {rule: 'undetermined'}, 1000, () => ({
    needed: names(1000),
  })),
  elf('a program that needs 1,001 libraries', 'loaded-objects', {rule: 'undetermined'}, 1001, () => ({
    needed: names(1001),
  })),
  elf(
    'a program that needs 100,000 libraries that are not there',
    'elf-dynamic-bytes',
    {rule: 'undetermined'},
    0,
    () => ({
      needed: names(100_000),
    }),
  ),
  elf('a program whose 2,000th library is not there', 'elf-dynamic-bytes', {rule: 'undetermined'}, 999, () => ({
    needed: [...names(999), ...Array<string>(1000).fill('lib0.so'), 'nowhere.so'],
  })),
  elf('900 libraries that all need each other', 'loaded-objects', 'verified', 900, at => ({
    needed: at === undefined ? ['lib0.so'] : names(900),
  })),
  elf('a chain of 1,000 libraries', 'loaded-objects', {rule: 'undetermined'}, 1000, at => ({
    needed: at === undefined ? ['lib0.so'] : at === 999 ? [] : [`lib${at + 1}.so`],
  })),
  elf('a chain of 5,000 libraries', 'loaded-objects', {rule: 'undetermined'}, 5000, at => ({
    needed: at === undefined ? ['lib0.so'] : at === 4999 ? [] : [`lib${at + 1}.so`],
  })),
  elf('a library path of 500 directories, for each of 900 libraries', undefined, 'verified', 900, at => ({
    needed: at === undefined ? names(900) : [],
    runpath: `${Array.from({length: 500}, (_, number) => `/${number}`).join(':')}:/l`,
  })),
  elf('4,000 symbol versions', 'elf-version-bytes', 'verified', 1, versions(4000)),
  elf('5,000 symbol versions', 'elf-version-bytes', {rule: 'undetermined'}, 1, versions(5000)),
  one('4,096 symbol versions in lists that share them', 'elf-versions', 'verified', () => sharedVersions(4096, LOADER)),
  one('4,097 symbol versions in lists that share them', 'elf-versions', {rule: 'undetermined'}, () =>
    sharedVersions(4097, LOADER),
  ),
  elf('a name of 64 KiB of a library', 'elf-string-bytes', {rule: 'missing-library'}, 0, () => ({
    needed: ['n'.repeat(65_535)],
  })),
  elf('a name of more than 64 KiB of a library', 'elf-string-bytes', {rule: 'undetermined'}, 1, at => ({
    needed: at === undefined ? ['lib0.so', 'n'.repeat(65_536)] : [],
  })),
  elf('60,000 notes', 'elf-note-bytes', {rule: 'undetermined'}, 0, () => ({notes: [new Uint8Array(12 * 60_000)]})),
  elf('1,100 segments of notes', 'elf-notes', {rule: 'undetermined'}, 0, () => ({
    notes: Array.from({length: 1100}, () => new Uint8Array(12)),
  })),
  elf('1,300 program headers', 'elf-program-header-bytes', {rule: 'not-a-program'}, 0, () => ({
    notes: Array.from({length: 1300}, () => new Uint8Array(12)),
  })),
  elf('an interpreter of 5,000 bytes', 'elf-interpreter-bytes', {rule: 'not-a-program'}, 0, () => ({
    interpreter: `/${'a/'.repeat(2500)}`,
  })),
  elf('10,000 sections', undefined, 'verified', 0, () => ({
    sections: names(10_000).map(name => ({name, type: 1, content: new Uint8Array()})),
  })),
  files('a passwd of 16 MiB', 'account-file-bytes', {rule: 'missing-program'}, () => ({
    'etc/passwd': accounts(16 * MIB),
  })),
  files('a passwd and a group of a hundred MiB', 'account-file-bytes', {rule: 'missing-program'}, () => ({
    'etc/passwd': accounts(100 * MIB),
    'etc/group': accounts(100 * MIB),
  })),
]

type Own = Omit<ElfOptions, 'type' | 'soname'>

/** What a program needs of its library, each where it is there. */
function versions(count: number): (library: number | undefined) => Own {
  const needs = names(count).map(name => ({name, weak: true as const}))
  return at =>
    at === undefined
      ? {needed: ['lib0.so'], versionNeeds: [{file: 'lib0.so', versions: needs}]}
      : {versionDefinitions: ['V1']}
}

/** A program without libraries. */
function one(name: string, limit: Shape['limit'], outcome: Shape['outcome'], content: () => Uint8Array): Shape {
  const make = (image: ImageFolder) => putProgram(image, [{...APP, content: content()}])
  return {name, ...(limit === undefined ? {} : {limit}), outcome, make}
}

/** A program at /app, and so many libraries in /l; each made of what `own` says of its number. */
function elf(
  name: string,
  limit: Shape['limit'],
  outcome: Shape['outcome'],
  libraries: number,
  own: (library: number | undefined) => Own,
): Shape {
  return {
    name,
    ...(limit === undefined ? {} : {limit}),
    outcome,
    make: image => {
      const items = names(libraries).map((soname, at) => ({
        name: `l/${soname}`,
        content: buildElf({type: 'dyn', soname, runpath: '/l', ...own(at)}),
      }))
      const app = buildElf({type: 'dyn', interpreter: LOADER, runpath: '/l', ...own(undefined)})
      return putProgram(image, [{...APP, content: app}, ...items])
    },
  }
}

function files(
  name: string,
  limit: Shape['limit'],
  outcome: Shape['outcome'],
  content: () => Readonly<Record<string, Uint8Array | string>>,
): Shape {
  return {
    name,
    ...(limit === undefined ? {} : {limit}),
    outcome,
    make: image => {
      const app = {...APP, content: buildElf({type: 'dyn', interpreter: LOADER, needed: ['lib0.so']})}
      const library = {name: 'l/lib0.so', content: buildElf({type: 'dyn', soname: 'lib0.so'})}
      const others = Object.entries(content()).map(([path, text]) => ({name: path, content: text}))
      const user = others.some(({name}) => name === 'etc/passwd') ? 'somebody:something' : ''
      return putProgram(image, [app, library, ...others], user)
    },
  }
}

async function putProgram(image: ImageFolder, items: readonly TarItem[], User = ''): Promise<void> {
  const loader = {name: LOADER.slice(1), mode: 0o755, content: GLIBC_LOADER}
  const layer = await image.putLayer([...[...items, loader].map(item => tarItem(item)), TAR_END], 'zstd')
  await image.setRoot(await image.putImage({layers: [layer], config: {Entrypoint: ['/app'], User}}))
}

/** Lines of other users, and the one that is asked for at the end. */
function accounts(size: number): string {
  const last = 'somebody:x:1000:1000::/:/bin/sh\nsomething:x:1000:\n'
  return `${'another:x:1:1:another:/:/bin/sh\n'.repeat(Math.floor((size - last.length) / 32))}${last}`
}
