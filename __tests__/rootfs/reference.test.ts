import {execFileSync} from 'node:child_process'
import {existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from '@jest/globals'
import fc from 'fast-check'
import {buildTarOf, type LayoutFile} from '../../scripts/support/layout-builder.ts'
import {resolvePath} from '../../src/rootfs/index.ts'
import {rootFsOf, treeOf} from '../support/layers.ts'
import {type MemoryEntry, memoryRootfs} from '../support/memory-rootfs.ts'
import {layersArbitrary} from '../support/random-layers.ts'
import {all} from '../support/streams.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

/** Layers unpacked by GNU tar into a directory each, as engines do, and then stacked in the plainest way. */
function stacked(layers: readonly (readonly LayoutFile[])[]): Readonly<Record<string, string>> {
  const directory = temporaryFolder('stacked')
  const tops = layers.map((files, index) => {
    const top = join(directory, String(index))
    mkdirSync(top)
    execFileSync('tar', ['-xf', '-', '-C', top], {input: buildTarOf(files)})
    return top
  })
  return Object.fromEntries(merge(tops.reverse(), ''))
}

/** What is seen in a directory that stands in these layers, the top one first. */
function merge(directories: readonly string[], path: string): [string, string][] {
  const visible = directories.slice(
    0,
    directories.findIndex(one => existsSync(join(one, '.wh..wh..opq'))) + 1 || undefined,
  )
  const names = new Set(visible.flatMap(one => readdirSync(one)).filter(name => !name.startsWith('.wh.')))
  return [...names].flatMap(name => {
    const until = visible.findIndex(one => existsSync(join(one, `.wh.${name}`)))
    const places = visible
      .slice(0, until + 1 || undefined)
      .map(one => join(one, name))
      .filter(isThere)
    const [top] = places
    if (top === undefined) return []
    const end = places.findIndex(place => !lstatSync(place).isDirectory())
    if (end === 0) return [[`${path}/${name}`, describe(top)]]
    return [[`${path}/${name}`, 'dir'], ...merge(end < 0 ? places : places.slice(0, end), `${path}/${name}`)]
  })
}

function isThere(place: string): boolean {
  return lstatSync(place, {throwIfNoEntry: false}) !== undefined
}

function describe(place: string): string {
  return lstatSync(place).isSymbolicLink() ? `-> ${readlinkSync(place)}` : readFileSync(place, 'utf8')
}

test('layers are what GNU tar unpacks, stacked', async () => {
  await fc.assert(
    fc.asyncProperty(layersArbitrary, async layers => {
      const ours = await treeOf(rootFsOf(layers))
      expect(ours).toEqual(stacked(layers))
      expect(Object.keys(ours)).toEqual(
        Object.keys(ours).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
      )
    }),
    {numRuns: 60},
  )
  // It runs tar some hundred times.
})

const step = fc.constantFrom('a', 'b', 'c', 'a-', 'ü', '.', '..', '')
const paths = fc.array(fc.array(step, {maxLength: 6}), {minLength: 5, maxLength: 20})

test('paths lead where they lead in a plain tree of the same files', async () => {
  await fc.assert(
    fc.asyncProperty(layersArbitrary, paths, async (layers, lists) => {
      const rootfs = rootFsOf(layers)
      const nodes = await all(rootfs.files())
      const tree = Object.fromEntries(
        nodes.map(({path, kind, mode, target}): [string, MemoryEntry] => [
          path,
          {kind, mode, ...(target === undefined ? {} : {link: target})},
        ]),
      )
      const plain = memoryRootfs(tree)
      const known = new Map(nodes.map(node => [node.path, node]))
      known.set('/', {path: '/', kind: 'directory', mode: 0o755, uid: 0, gid: 0, size: 0})
      for (const path of lists.map(steps => `/${steps.join('/')}`)) {
        const expected = await plain.lookup(path)
        expect(plainly(await rootfs.lookup(path))).toEqual(plainly(expected))
        expect(plainly(await resolvePath(path, async at => known.get(at)))).toEqual(plainly(expected))
      }
    }),
    {numRuns: 200},
  )
})

/** A lookup without what the plain tree does not know: sizes and layers. */
function plainly(lookup: Awaited<ReturnType<ReturnType<typeof memoryRootfs>['lookup']>>): unknown {
  const {hops, through, ...rest} = lookup
  const outcome = rest.outcome === 'found' ? {path: rest.node.path, kind: rest.node.kind, mode: rest.node.mode} : rest
  return {outcome, hops, through: through.map(({path, mode}) => ({path, mode}))}
}
