import {type DynamicSymbols, identify, readDynamicSymbols} from '../../binary/index.ts'
import type {FileNode, RootFs} from '../../image/rootfs.ts'
import {type Bound, tellLimit} from '../../lib/over-limit.ts'
import type {LoadedObject} from './object.ts'

/** Undefined for what makes no sense. `beyond`: which limit keeps it from being read. */
type Read = DynamicSymbols | {readonly beyond: string} | undefined
type WithFile = Pick<LoadedObject, 'node'>
export type SymbolsOf = <T extends WithFile>(
  objects: readonly T[],
) => AsyncIterable<readonly [object: T, symbols: Read]>

/** Objects that are read at once: what is asked for together is read in one pass over a layer. */
const AT_ONCE = 8

/**
 * Reads the symbols of objects in their order, of each file once. `bound`: on the symbols and relocations of a program
 * and its libraries that are looked at.
 */
export function symbolReader(rootfs: RootFs, bound: Bound): SymbolsOf {
  let left = bound.most
  const begun = new Map<string, Promise<Read>>()
  const known = new Map<string, Read>()
  const tooMany = (): Read => ({
    beyond: tellLimit(bound, most => `the program and its libraries have more than ${most} symbols and relocations`),
  })
  const begin = (node: FileNode): Promise<Read> => {
    const reading = begun.get(node.path) ?? readSymbols(rootfs, node)
    begun.set(node.path, reading)
    // It fails where it is asked for.
    reading.catch(() => undefined)
    return reading
  }
  const count = (symbols: Read): Read => {
    if (symbols === undefined || 'beyond' in symbols) return symbols
    left -= symbols.definitions.length + symbols.relocations
    return left >= 0 ? symbols : tooMany()
  }
  return async function* (objects) {
    for (const [index, object] of objects.entries()) {
      const {node} = object
      if (index % AT_ONCE === 0 && left > 0) for (const one of objects.slice(index, index + AT_ONCE)) begin(one.node)
      if (!known.has(node.path)) known.set(node.path, left > 0 ? count(await begin(node)) : tooMany())
      yield [object, known.get(node.path)]
    }
  }
}

async function readSymbols(rootfs: RootFs, node: FileNode): Promise<Read> {
  const file = await rootfs.open(node)
  const elf = await identify(file)
  if (elf.kind !== 'elf') return undefined
  const reasons: string[] = []
  const symbols = await readDynamicSymbols(elf, file, reason => reasons.push(reason))
  const [beyond] = reasons
  return symbols ?? (beyond === undefined ? undefined : {beyond: `what ${node.path} binds is not known: ${beyond}`})
}
