import {tarItem} from '../../support/tar-builder.ts'
import type {Chunks, ImageFolder} from '../image-folder.ts'
import type {Shape} from '../shape.ts'
import {APP, longItem, manyEntries, quickData, quickHeader, sparseItem, TAR_END} from '../tars.ts'

/** Layers of many, long, deep or entangled entries. */
export const ENTRIES: readonly Shape[] = [
  layer('five million empty files', {limit: 'image-tree-bytes', outcome: 'could-not-check'}, () =>
    manyEntries(4_999_999, number => quickHeader(`d${number >> 10}/f${number}`)),
  ),
  layer('more than five million empty files', {limit: 'image-tree-bytes', outcome: 'could-not-check'}, () =>
    manyEntries(5_000_001, number => quickHeader(`d${number >> 10}/f${number}`)),
  ),
  layer('two million files of one directory', {outcome: 'verified'}, () =>
    manyEntries(2_000_000, number => quickData(`f${number}`)),
  ),
  layer('two million files that may be programs', {limit: 'image-tree-bytes', outcome: 'could-not-check'}, () =>
    manyEntries(2_000_000, number => quickHeader(`f${number}`)),
  ),
  layer('two million directories', {limit: 'image-tree-bytes', outcome: 'could-not-check'}, () =>
    manyEntries(2_000_000, number => quickHeader(`d${number}/`, '5')),
  ),
  layer(
    'two million directories that only their files imply',
    {limit: 'image-tree-bytes', outcome: 'could-not-check'},
    () => manyEntries(2_000_000, number => quickHeader(`d${number}/f`)),
  ),
  layer('one name two million times', {outcome: {rule: 'refused-by-engine'}}, () =>
    manyEntries(2_000_000, () => quickHeader('same')),
  ),
  layer('a sparse map of a MiB', {limit: 'tar-sparse-map-bytes', outcome: 'verified'}, () =>
    items([sparseItem(2 ** 20)]),
  ),
  layer('a sparse map of more', {limit: 'tar-sparse-map-bytes', outcome: {rule: 'platform-unreadable'}}, () =>
    items([sparseItem(2 ** 20 + 512)]),
  ),
  layer('names of 255 bytes', {limit: 'name-bytes', outcome: 'verified'}, () =>
    manyEntries(200_000, number => longItem({name: `${number}-`.padEnd(255, 'n')})),
  ),
  layer('a name of 256 bytes', {limit: 'name-bytes', outcome: {rule: 'platform-unreadable'}}, () =>
    items([longItem({name: 'n'.repeat(256)})]),
  ),
  layer('paths of 4095 bytes', {limit: 'image-tree-bytes', outcome: 'could-not-check'}, () =>
    manyEntries(20_000, number => longItem({name: `${number}/${'d/'.repeat(2100)}`.slice(0, 4095)})),
  ),
  layer('a path of 4096 bytes', {limit: 'path-bytes', outcome: {rule: 'platform-unreadable'}}, () =>
    items([longItem({name: `${'d/'.repeat(2047)}dd`})]),
  ),
  layer('a path of 100,000 levels', {limit: 'path-bytes', outcome: {rule: 'platform-unreadable'}}, () =>
    items([longItem({name: 'd/'.repeat(100_000)})]),
  ),
  layer('a name of two MiB', {limit: 'tar-header-bytes', outcome: {rule: 'platform-unreadable'}}, () =>
    items([longItem({name: 'd/'.repeat(2 ** 20)})]),
  ),
  // Each below the last by a symlink in it, so that no path is long.
  layer('100,000 levels of directories, by links', {outcome: 'verified'}, () =>
    manyEntries(100_000, number =>
      tarItem({name: `l${number}`, type: '2', linkName: number === 0 ? 'd' : `l${number - 1}/d`}),
    ),
  ),
  layer('a directory behind 255 symlinks', {limit: 'entry-links', outcome: 'verified'}, () => behindLinks(255)),
  layer('a directory behind 256 symlinks', {limit: 'entry-links', outcome: {rule: 'platform-unreadable'}}, () =>
    behindLinks(256),
  ),
  layer(
    'a symlink to itself, and entries below it',
    {limit: 'entry-links', outcome: {rule: 'platform-unreadable'}},
    () => items([tarItem({name: 'l', type: '2', linkName: 'l'}), tarItem({name: 'l/f'})]),
  ),
  layer('a program behind 40 symlinks', {limit: 'path-links', outcome: 'verified'}, () => linkedProgram(40)),
  layer('a program behind 41 symlinks', {limit: 'path-links', outcome: {rule: 'missing-program'}}, () =>
    linkedProgram(41),
  ),
  layer('a million hard links to one file', {limit: 'image-tree-bytes', outcome: 'could-not-check'}, () =>
    manyEntries(1_000_000, number => quickHeader(`l${number}`, '1', 'app')),
  ),
  layer('a chain of a million hard links', {limit: 'image-tree-bytes', outcome: 'could-not-check'}, () =>
    manyEntries(1_000_000, number => quickHeader(`l${number}`, '1', number === 0 ? 'app' : `l${number - 1}`)),
  ),
  layer('a million hard links to nothing', {outcome: {rule: 'platform-unreadable'}}, () =>
    manyEntries(1_000_000, number => quickHeader(`l${number}`, '1', `l${number + 1}`)),
  ),
  layer('a million whiteouts', {outcome: 'verified'}, () =>
    manyEntries(1_000_000, number => quickHeader(`.wh.f${number}`)),
  ),
  layer('a million whiteouts of one name', {outcome: {rule: 'refused-by-engine'}}, () =>
    manyEntries(1_000_000, () => quickHeader('.wh.f')),
  ),
  layer('a million opaque marks upon a thousand files', {limit: 'layer-steps', outcome: 'could-not-check'}, () =>
    manyEntries(1_001_000, number => quickHeader(number < 1000 ? `d/f${number}` : 'd/.wh..wh..opq')),
  ),
  layer('a million PAX headers', {outcome: 'verified'}, () =>
    manyEntries(500_000, number => tarItem({name: 'x', pax: {path: `f${number}`, comment: 'c'.repeat(100)}})),
  ),
  layer('100,000 PAX records', {outcome: 'verified'}, () =>
    items([tarItem({name: 'f', pax: Array.from({length: 60_000}, (_, number) => [`k${number}`, 'v'] as const)})]),
  ),
]

interface Expected extends Pick<Shape, 'limit' | 'outcome'> {}

function layer(name: string, expected: Expected, chunks: () => Chunks): Shape {
  const isHeavy = /million/.test(name)
  return {
    name,
    ...expected,
    ...(isHeavy ? {carriers: ['layout'] as const} : {}),
    make: image => putLayer(image, chunks()),
  }
}

async function putLayer(image: ImageFolder, chunks: Chunks): Promise<void> {
  const made = await image.putLayer(chunks, 'zstd')
  await image.setRoot(await image.putImage({layers: [made]}))
}

function items(parts: readonly Buffer[]): Uint8Array[] {
  return [tarItem(APP), ...parts, TAR_END]
}

/** Symlinks that each lead to the next, by a detour of names that end where they begin; then files behind them. */
function behindLinks(count: number, detour = '', files = 1): Iterable<Uint8Array> {
  const links = Array.from({length: count}, (_, at) =>
    longItem({name: `l${at}`, type: '2', linkName: detour + (at === count - 1 ? 'd' : `l${at + 1}`)}),
  )
  return manyFrom([tarItem({name: 'd/', type: '5'}), ...links], files, number => quickHeader(`l0/f${number}`))
}

function* manyFrom(first: readonly Buffer[], count: number, entry: (number: number) => Buffer): Generator<Uint8Array> {
  yield* first
  yield* manyEntries(count, entry)
}

function linkedProgram(count: number): Uint8Array[] {
  const last = tarItem({...APP, name: `l${count}`})
  const links = Array.from({length: count}, (_, at) =>
    tarItem({name: at === 0 ? 'app' : `l${at}`, type: '2', linkName: `l${at + 1}`}),
  )
  return [last, ...links, TAR_END]
}
