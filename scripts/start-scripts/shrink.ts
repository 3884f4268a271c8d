import type {Node, StartScript} from './start-script.ts'

const ENTRY = '/entrypoint.sh'
const OPERATORS: readonly string[] = ['||', '&&', '|', '&', ';', '{', '}', '!', 'if', 'then', 'fi', '[', ']']
/** How many smaller ones are tried at once. */
const AT_ONCE = 20

/** The smallest start script that `isSame` holds for; each pass goes on where the one before it found something. */
export async function shrink<T extends {readonly script: StartScript}>(
  whole: T,
  attemptAll: (scripts: readonly StartScript[]) => Promise<readonly T[]>,
  isSame: (attempt: T) => boolean,
): Promise<T> {
  let smallest = whole
  for (let found = true; found; ) {
    found = false
    let candidates = [...smallerOnes(smallest.script)]
    for (let at = 0; at < candidates.length; ) {
      const attempts = await attemptAll(candidates.slice(at, at + AT_ONCE))
      const index = attempts.findIndex(isSame)
      const next = attempts[index]
      if (!next) {
        at += AT_ONCE
        continue
      }
      found = true
      smallest = next
      at += index
      candidates = [...smallerOnes(smallest.script)]
    }
  }
  return smallest
}

/**
 * Smaller start scripts: each with one command, file, variable or word less, or a
 * compound command replaced by a body of it.
 */
function* smallerOnes(whole: StartScript): Generator<StartScript> {
  const {[ENTRY]: entry, ...others} = whole.scripts
  if (entry && Object.keys(others).length > 0) yield {...whole, scripts: {[ENTRY]: entry}}
  if (Object.keys(whole.tree).length > 1) yield {...whole, tree: {}}
  for (const [path, file] of Object.entries(whole.scripts)) {
    if (path !== ENTRY) {
      const {[path]: _, ...scripts} = whole.scripts
      yield {...whole, scripts}
    }
    for (const body of smallerBodies(file.body)) yield {...whole, scripts: {...whole.scripts, [path]: {...file, body}}}
  }
  for (const path of Object.keys(whole.tree)) {
    const {[path]: _, ...tree} = whole.tree
    yield {...whole, tree}
  }
  for (const name of ['cmd', 'env'] as const) {
    for (const index of whole[name].keys()) yield {...whole, [name]: whole[name].toSpliced(index, 1)}
  }
  if (whole.user !== '') yield {...whole, user: ''}
  if (whole.cwd !== '/') yield {...whole, cwd: '/'}
}

function* smallerBodies(body: readonly Node[]): Generator<readonly Node[]> {
  for (let size = body.length >> 1; size > 1; size >>= 1) {
    for (let at = 0; at < body.length; at += size) yield body.toSpliced(at, size)
  }
  for (const [index, node] of body.entries()) {
    yield body.toSpliced(index, 1)
    if (typeof node === 'string') {
      for (const line of smallerTexts(node)) yield body.toSpliced(index, 1, line)
      continue
    }
    for (const [at, part] of node.parts.entries()) {
      if (typeof part === 'string') continue
      yield body.toSpliced(index, 1, ...part)
      for (const smaller of smallerBodies(part))
        yield body.toSpliced(index, 1, {parts: node.parts.toSpliced(at, 1, smaller)})
    }
  }
}

/** One word less, or one of the commands of a list; what that makes may be nonsense, and then both sides say so. */
function* smallerTexts(text: string): Generator<string> {
  if (text.includes('\n')) return
  for (const separator of [' || ', ' && ', '; ', ' | ']) {
    const pieces = text.split(separator)
    if (pieces.length > 1) for (const piece of pieces) yield piece
  }
  const words = text.split(' ')
  if (words.length > 1) {
    for (const [index, word] of words.entries())
      if (!OPERATORS.includes(word)) yield words.toSpliced(index, 1).join(' ')
  }
}
