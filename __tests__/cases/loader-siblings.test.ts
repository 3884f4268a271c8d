// biome-ignore-all lint/suspicious/noTemplateCurlyInString: dynamic string tokens
import {type DynamicShape, dynamicElf} from '../../scripts/kernel/dynamic-elf.ts'
import {program} from '../../scripts/kernel/elf.ts'
import {executable, type MemoryTree} from '../support/memory-rootfs.ts'
import {nativeProgram} from '../support/script-start.ts'
import {type Kind, testSiblings} from '../support/siblings.ts'

/* Programs, their loaders and their libraries. */
const MUSL = '/lib/ld-musl-x86_64.so.1'
const GLIBC = '/lib64/ld-linux-x86-64.so.2'
const NATIVE = executable(nativeProgram())
const FOREIGN = executable(program({machine: 183}))
const I386 = executable(program({wide: false, machine: 3}))

const lib = (shape: Partial<DynamicShape> = {}) => executable(dynamicElf({needed: [], ...shape}))
const app = (shape: Partial<DynamicShape>) => executable(dynamicElf({interp: MUSL, needed: [], ...shape}))
const script = (text: string) => executable(`#!/bin/sh\n${text}\n`)
const env = (...more: readonly string[]) => ({config: {env: ['PATH=/usr/bin:/bin', ...more]}})

/** A loader by what makes it one: glibc's versions, and the directories that stand in the file. */
const ldGlibc = executable(
  Buffer.concat([
    dynamicElf({needed: [], soname: 'ld-linux-x86-64.so.2', defines: ['GLIBC_2.2.5', 'GLIBC_PRIVATE']}),
    Buffer.from('\0/lib/x86_64-linux-gnu/\0/usr/lib/x86_64-linux-gnu/\0/lib/\0/usr/lib/\0'),
  ]),
)
const LIBC = '/lib/x86_64-linux-gnu/libc.so.6'
const GLIBC_FILES: MemoryTree = {
  [GLIBC]: ldGlibc,
  [LIBC]: lib({soname: 'libc.so.6', defines: ['GLIBC_2.2.5', 'GLIBC_2.36']}),
}
const versions = (...names: readonly string[]) => [
  {file: 'libc.so.6', versions: names.map(name => ({name, weak: false}))},
]
const glibcApp = (shape: Partial<DynamicShape> = {}) => app({interp: GLIBC, ...shape})

const KINDS: Readonly<Record<string, Kind>> = {
  'a program of musl': {
    files: {[MUSL]: lib(), '/app': app({needed: ['liba.so']}), '/usr/lib/liba.so': lib()},
    config: {entrypoint: ['/app']},
    good: [
      ['as it is', {}],
      ['in /lib', {files: {'/usr/lib/liba.so': null, '/lib/liba.so': lib()}}],
      ['by a link', {files: {'/usr/lib/liba.so': {link: 'liba.so.1.2'}, '/usr/lib/liba.so.1.2': lib()}}],
      [
        'in RUNPATH',
        {files: {'/usr/lib/liba.so': null, '/app': app({needed: ['liba.so'], runpath: '/opt'}), '/opt/liba.so': lib()}},
      ],
      [
        'in LD_LIBRARY_PATH',
        {files: {'/usr/lib/liba.so': null, '/opt/liba.so': lib()}, ...env('LD_LIBRARY_PATH=/opt')},
      ],
      [
        'where its own file says',
        {files: {'/usr/lib/liba.so': null, '/etc/ld-musl-x86_64.path': '/opt\n', '/opt/liba.so': lib()}},
      ],
      ['a loader by a link', {files: {[MUSL]: {link: 'libc.musl-x86_64.so.1'}, '/lib/libc.musl-x86_64.so.1': lib()}}],
      ['by the loader itself', {config: {entrypoint: [MUSL, '/app']}}],
    ],
    broken: [
      ['no loader', {files: {[MUSL]: null}}, 'missing-interpreter'],
      ['a dangling loader', {files: {[MUSL]: {link: '/lib/gone'}}}, 'missing-interpreter'],
      ['a loader of another machine', {files: {[MUSL]: FOREIGN}}, 'wrong-machine'],
      [
        'a loader without permission',
        {files: {[MUSL]: {content: dynamicElf({needed: []}), mode: 0o644}}},
        'not-executable',
      ],
      ['a loader that is a text', {files: {[MUSL]: executable('text')}}, 'not-a-program'],
      ['no library', {files: {'/usr/lib/liba.so': null}}, 'missing-library'],
      ['a library of another machine', {files: {'/usr/lib/liba.so': FOREIGN}}, 'missing-library'],
      ['a library of 32 bits', {files: {'/usr/lib/liba.so': I386}}, 'missing-library'],
      ['a library of a library', {files: {'/usr/lib/liba.so': lib({needed: ['libb.so']})}}, 'missing-library'],
      ['the file that replaces its directories', {files: {'/etc/ld-musl-x86_64.path': '/opt\n'}}, 'missing-library'],
      ['a program of glibc', {files: {'/app': glibcApp()}}, 'missing-interpreter'],
      ['a program of glibc of another machine', {files: {'/app': FOREIGN}}, 'wrong-machine'],
    ],
  },
  'a program of glibc': {
    files: {...GLIBC_FILES, '/app': glibcApp({needed: ['libc.so.6'], needs: versions('GLIBC_2.36')})},
    config: {entrypoint: ['/app']},
    good: [
      ['as it is', {}],
      [
        'a loader by a link',
        {files: {[GLIBC]: {link: '/lib/x86_64-linux-gnu/ld.so'}, '/lib/x86_64-linux-gnu/ld.so': ldGlibc}},
      ],
      [
        'a C library by a link',
        {files: {[LIBC]: {link: 'libc-2.36.so'}, '/lib/x86_64-linux-gnu/libc-2.36.so': GLIBC_FILES[LIBC] ?? ''}},
      ],
      ['an older version', {files: {'/app': glibcApp({needed: ['libc.so.6'], needs: versions('GLIBC_2.2.5')})}}],
      ['static', {files: {'/app': NATIVE, [GLIBC]: null, [LIBC]: null}}],
      [
        'where ld.so.conf says nothing of it',
        {files: {'/lib/liba.so': lib(), '/app': glibcApp({needed: ['liba.so', 'libc.so.6']})}},
      ],
    ],
    broken: [
      [
        'a newer version',
        {files: {'/app': glibcApp({needed: ['libc.so.6'], needs: versions('GLIBC_2.38')})}},
        'libc-too-old',
      ],
      ['no loader', {files: {[GLIBC]: null}}, 'missing-interpreter'],
      ['no C library', {files: {[LIBC]: null}}, 'missing-library'],
      ['a C library of another machine', {files: {[LIBC]: FOREIGN}}, 'missing-library'],
      ['a program of musl', {files: {'/app': app({})}}, 'missing-interpreter'],
      [
        'the directory of another machine',
        {files: {[LIBC]: null, '/lib/aarch64-linux-gnu/libc.so.6': lib()}},
        'missing-library',
      ],
      [
        'by a script',
        {files: {'/bin/sh': NATIVE, '/e': script('exec /app'), [GLIBC]: null}, config: {entrypoint: ['/e']}},
        'missing-interpreter',
      ],
    ],
  },
  'libraries beside the program': {
    files: {
      ...GLIBC_FILES,
      '/opt/bin/app': glibcApp({needed: ['liba.so'], runpath: '$ORIGIN/../lib'}),
      '/opt/lib/liba.so': lib(),
    },
    config: {entrypoint: ['/opt/bin/app']},
    good: [
      ['as it is', {}],
      ['with braces', {files: {'/opt/bin/app': glibcApp({needed: ['liba.so'], runpath: '${ORIGIN}/../lib'})}}],
      ['by RPATH', {files: {'/opt/bin/app': glibcApp({needed: ['liba.so'], rpath: '$ORIGIN/../lib'})}}],
      [
        'in the second directory',
        {files: {'/opt/bin/app': glibcApp({needed: ['liba.so'], runpath: '/none:$ORIGIN/../lib'})}},
      ],
      [
        'by a link to the program',
        {files: {'/usr/bin/app': {link: '/opt/bin/app'}}, config: {entrypoint: ['/usr/bin/app']}},
      ],
      [
        'moved as a whole',
        {
          files: {
            '/srv/bin/app': glibcApp({needed: ['liba.so'], runpath: '$ORIGIN/../lib'}),
            '/srv/lib/liba.so': lib(),
          },
          config: {entrypoint: ['/srv/bin/app']},
        },
      ],
      [
        'by RPATH for a library of the library',
        {
          files: {
            '/opt/bin/app': glibcApp({needed: ['liba.so'], rpath: '$ORIGIN/../lib'}),
            '/opt/lib/liba.so': lib({needed: ['libb.so']}),
            '/opt/lib/libb.so': lib(),
          },
        },
      ],
    ],
    broken: [
      [
        'moved without them',
        {
          files: {'/srv/bin/app': glibcApp({needed: ['liba.so'], runpath: '$ORIGIN/../lib'})},
          config: {entrypoint: ['/srv/bin/app']},
        },
        'missing-library',
      ],
      ['nothing says where', {files: {'/opt/bin/app': glibcApp({needed: ['liba.so']})}}, 'missing-library'],
      [
        'another directory',
        {files: {'/opt/bin/app': glibcApp({needed: ['liba.so'], runpath: '$ORIGIN/lib'})}},
        'missing-library',
      ],
      [
        'in small letters',
        {files: {'/opt/bin/app': glibcApp({needed: ['liba.so'], runpath: '$origin/../lib'})}},
        'missing-library',
      ],
      [
        'RUNPATH is not for a library of the library',
        {files: {'/opt/lib/liba.so': lib({needed: ['libb.so']}), '/opt/lib/libb.so': lib()}},
        'missing-library',
      ],
      ['of another machine', {files: {'/opt/lib/liba.so': FOREIGN}}, 'missing-library'],
      [
        'under its full version only',
        {files: {'/opt/lib/liba.so': null, '/opt/lib/liba.so.1.2': lib()}},
        'missing-library',
      ],
    ],
  },
}

testSiblings(KINDS)
