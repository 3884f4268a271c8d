import {expect, test} from '@jest/globals'
import type {Facts} from '../../src/facts/facts.ts'
import type {LibraryProblem, NotProgram, ScanFacts} from '../../src/scan/index.ts'
import {goldenText} from '../support/golden.ts'
import {foreignFile, scannedPlatform} from '../support/scan-facts.ts'
import {
  AMD64,
  essential,
  FOREIGN,
  formatFindings,
  GOOD,
  image,
  images,
  NATIVE,
  onePlatform,
  scanned,
} from '../support/whole-images.ts'

const libraries = (...problems: readonly LibraryProblem[]): Partial<ScanFacts> => ({
  libraries: {programs: problems.length, problems},
})
const lacking = (path: string, more: Partial<LibraryProblem> = {}): LibraryProblem => ({
  ...{path, place: 'path', more: 0},
  obstacle: {
    ...{kind: 'missing-library', library: 'libx.so.1', neededBy: path, searched: ['/lib'], rejected: []},
    ...{exitCode: 127, message: 'not found'},
  },
  ...more,
})
const paths = (count: number, directory = '/usr/bin') => Array.from({length: count}, (_, at) => `${directory}/x${at}`)
const notProgram = (path: string, more: Partial<NotProgram> = {}): NotProgram => ({
  ...{path, seen: {kind: 'other', identity: {kind: 'empty'}}, layer: 1},
  ...more,
})

const SCANS: Readonly<Record<string, () => Facts>> = {
  'one file': () => scanned({foreign: [foreignFile('/opt/x', {place: 'path', link: '/bin/x'})]}),
  'a file of no known layer': () => {
    const {layer: _, ...file} = foreignFile('/opt/x', {machine: 'Windows', what: 'Windows program for amd64'})
    return scanned({foreign: [file]})
  },
  'an emulator': () => scanned({foreign: [foreignFile('/usr/bin/qemu-arm-static', {isEmulator: true})]}),
  'a few of many directories': () =>
    scanned({
      foreign: ['/c/d', '/a', '/b', '/e', '/c/d', ''].map((directory, at) => foreignFile(`${directory}/f${at}`)),
    }),
  'two directories': () => scanned({foreign: ['/a/1', '/b/1', '/b/2', '/a/2'].map(path => foreignFile(path))}),
  packages: () =>
    scanned({
      foreign: [
        ...['/app/node_modules/@scope/one/build/a.node', '/app/node_modules/two/x/b.node'],
        ...['/py/site-packages/three/c.so', '/rb/gems/four-1/d.so', '/rb/dist-packages/five/e/f.so'],
      ].map(path => foreignFile(path)),
    }),
  'a userland': () =>
    scanned(
      {foreign: paths(10).map(path => foreignFile(path, {place: 'path'})), pathPrograms: {native: 1, all: 11}},
      {essential: [essential('shell', '/bin/sh', FOREIGN, '/usr/bin/x1')]},
    ),
  'not quite a userland': () =>
    scanned({foreign: paths(10).map(path => foreignFile(path, {place: 'path'})), pathPrograms: {native: 2, all: 12}}),
  'half of what PATH offers': () =>
    scanned({foreign: paths(5).map(path => foreignFile(path, {place: 'path'})), pathPrograms: {native: 1, all: 11}}),
  'a long command': () => {
    const platform = scannedPlatform({foreign: paths(4).map(path => foreignFile(path))})
    const layers = platform.layers.map(layer => ({...layer, createdBy: `RUN ${'x'.repeat(117)}`}))
    return {images: [image([{...platform, layers}])]}
  },
  'files beyond what is remembered': () => scanned({beyond: 3}),
  'essential files': () =>
    onePlatform({
      essential: [
        essential('shell', '/bin/sh', FOREIGN, '/usr/bin/dash'),
        essential('loader', '/lib/ld-linux-x86-64.so.2', FOREIGN),
        essential('loader', '/lib/ld-linux-aarch64.so.1', NATIVE),
        essential('libc', '/lib/libc.so.6', FOREIGN),
      ],
    }),
  'essential files beside a scan': () =>
    scanned(
      {foreign: [foreignFile('/usr/bin/dash', {place: 'path'})]},
      {
        essential: [
          essential('shell', '/bin/sh', FOREIGN, '/usr/bin/dash'),
          essential('loader', '/lib/ld-linux-x86-64.so.2', FOREIGN),
          essential('loader', '/lib/ld-linux-aarch64.so.1', {fit: 'crashes', signal: 'SIGSEGV', reason: 'x'}),
          essential('libc', '/lib/libc.so.6', FOREIGN),
        ],
      },
    ),
  'a missing library': () => scanned(libraries(lacking('/bin/x', {more: 2}))),
  'of a library': () => {
    const {obstacle, ...rest} = lacking('/bin/x')
    return scanned(
      libraries({...rest, obstacle: {...obstacle, neededBy: '/lib/liby.so'} as LibraryProblem['obstacle']}),
    )
  },
  'of several': () => scanned(libraries(...paths(4).map(path => lacking(path, {more: 1})))),
  'outside PATH': () => scanned(libraries(...paths(4, '/opt').map(path => lacking(path, {place: 'elsewhere'})))),
  'missing versions': () =>
    scanned(
      libraries(
        ...paths(4).map((path, at) =>
          lacking(path, {
            obstacle: {
              ...{kind: 'missing-version', library: 'libc.so.6', neededBy: path, provider: '/lib/libc.so.6'},
              ...{versions: [`GLIBC_2.${39 - at}`, 'GLIBC_2.34'], exitCode: 1, message: 'no version'},
            },
          }),
        ),
      ),
    ),
  'missing loaders': () =>
    scanned(
      libraries(
        lacking('/bin/x', {obstacle: {kind: 'missing-loader', loader: '/lib/ld.so', cause: 'glibc on musl'}}),
        lacking('/bin/y', {obstacle: {kind: 'missing-loader', loader: '/lib/ld2.so'}}),
      ),
    ),
  'libraries in the dark': () =>
    scanned(libraries(lacking('/bin/x', {obstacle: {kind: 'undetermined', reason: 'its table is cut off'}}))),
  'files that are no programs': () =>
    scanned({
      notPrograms: [
        notProgram('/usr/bin/a', {link: '/bin/a'}),
        notProgram('/usr/bin/b', {seen: {kind: 'elf', what: 'ELF shared library', refusal: {reason: 'no entry'}}}),
        ...[notProgram('/usr/bin/c', {seen: {kind: 'elf', what: 'core file', refusal: {reason: 'core file'}}})],
      ],
    }),
  'that would die': () =>
    scanned({
      notPrograms: [
        notProgram('/bin/a', {
          seen: {kind: 'elf', what: 'ELF program', refusal: {reason: 'it is mapped nowhere', signal: 'SIGSEGV'}},
        }),
        notProgram('/bin/b', {seen: {kind: 'elf', what: 'ELF program', refusal: {reason: 'a note', os: 'FreeBSD'}}}),
      ],
    }),
  'many of them': () => scanned({notPrograms: paths(4).map(path => notProgram(path))}),
  'many without a usual cause': () =>
    scanned({
      notPrograms: paths(4).map(path =>
        notProgram(path, {seen: {kind: 'other', identity: {kind: 'unknown', magic: '00'}}}),
      ),
    }),
  'programs that one platform lacks': () =>
    images([
      {...GOOD, scan: {commands: ['a', 'b', 'c', ...paths(9, 'd')]}},
      {index: AMD64, digest: 2, scan: {commands: ['a', 'c', 'z']}},
      {index: 'linux/s390x', digest: 3, scan: {commands: ['a', 'b', 'c', ...paths(9, 'd')]}},
    ]),
  'a file that another platform has': () =>
    images([
      {...GOOD, scan: {unpaired: [foreignFile('/p/tool-amd64')]}},
      {index: AMD64, digest: 2, scan: {named: ['/p/tool-amd64']}},
      {index: 'linux/s390x', digest: 3, scan: {named: ['/p/tool-amd64']}},
    ]),
  'many that another platform has': () =>
    images([
      {...GOOD, scan: {unpaired: ['a', 'b', 'c', 'd', 'e'].map(name => foreignFile(`/p/${name}-amd64`))}},
      {index: AMD64, digest: 2, scan: {named: ['a', 'b', 'c', 'd'].map(name => `/p/${name}-amd64`)}},
    ]),
}

test('findings on scans are word for word', () => {
  const actual = formatFindings(SCANS)
  expect(actual).toBe(goldenText('rules/golden/scans.txt', actual))
})
