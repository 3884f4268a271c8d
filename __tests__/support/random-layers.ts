import fc from 'fast-check'
import type {LayoutFile} from '../../scripts/support/layout-builder.ts'

const NAMES = ['a', 'a', 'b', 'a-', 'ü'] as const
/** What layers do to the same few paths, so that they meet often. */
const ACTIONS = ['file', 'file', 'directory', 'directory', 'symlink', 'hardlink', 'whiteout', 'opaque'] as const

const path = fc.array(fc.constantFrom(...NAMES), {minLength: 1, maxLength: 3}).map(names => names.join('/'))

interface Action {
  readonly path: string
  readonly action: (typeof ACTIONS)[number]
  readonly target: string
  readonly mode: number
  /** Makes contents differ from layer to layer. */
  readonly salt: number
}

const action: fc.Arbitrary<Action> = fc.record({
  path,
  action: fc.constantFrom(...ACTIONS),
  target: fc.oneof(
    path,
    path.map(text => `/${text}`),
    path.map(text => `../${text}`),
    fc.constantFrom('.', '..', '../..'),
  ),
  mode: fc.constantFrom(0o755, 0o700, 0o644),
  salt: fc.nat(),
})

/**
 * Layers as a builder writes them: no name twice, nothing below a file or a symlink of the same layer, and hard links
 * only to files that stand before them in the same layer.
 */
export const layersArbitrary: fc.Arbitrary<readonly (readonly LayoutFile[])[]> = fc.array(
  fc.array(action, {maxLength: 12}).map(consistent),
  {minLength: 1, maxLength: 4},
)

function consistent(actions: readonly Action[]): readonly LayoutFile[] {
  const files: LayoutFile[] = []
  const leaves = new Set<string>()
  const directories = new Set<string>()
  const taken = new Set<string>()
  for (const {path: at, action: kind, target, mode, salt} of actions) {
    const parents = prefixes(at)
    const isDirectory = kind === 'directory' || kind === 'opaque'
    const clash = parents.some(parent => leaves.has(parent)) || (directories.has(at) && !isDirectory) || leaves.has(at)
    const key = `${kind === 'whiteout' || kind === 'opaque' ? kind : ''} ${at}`
    const source = files.find(file => 'content' in file)?.path
    if (clash || taken.has(key) || (kind === 'hardlink' && source === undefined)) continue
    // A whiteout and a file of its name in one layer have cases of their own: engines differ.
    if (kind === 'whiteout' && directories.has(at)) continue
    taken.add(key)
    for (const parent of parents) directories.add(parent)
    if (isDirectory) directories.add(at)
    else leaves.add(at)
    if (kind === 'file') files.push({path: at, content: `${at} ${salt}`, mode})
    else if (kind === 'directory') files.push({path: at, directory: true, mode: mode | 0o700})
    else if (kind === 'symlink') files.push({path: at, linkTarget: target})
    else if (kind === 'hardlink') files.push({path: at, hardlink: source ?? ''})
    else if (kind === 'whiteout') files.push({path: at, whiteout: true})
    else files.push({path: at, opaque: true})
  }
  return files
}

/** `a/b/c` -> `a`, `a/b`. */
function prefixes(text: string): string[] {
  const names = text.split('/')
  return names.slice(1).map((_, index) => names.slice(0, index + 1).join('/'))
}
