import {isMap, isNode, isScalar, LineCounter, parseAllDocuments} from 'yaml'
import {fail, ok, type Result} from './result.ts'

/** Keys of mappings and indexes of sequences, from the root of a document. */
export type Path = readonly (string | number)[]

export interface YamlDocument {
  /** Strings, numbers, booleans, null, arrays and plain objects; anchors and merge keys are replaced. */
  readonly value: unknown
  /** `LINE:COLUMN` of what stands at a path, from 1; of the nearest mapping above it where that has none of its own. */
  placeOf(path: Path): string
  /** The same of the key at the end of a path; of its value where the key has no place of its own. */
  placeOfKey(path: Path): string
}

/** How many aliases a document may have: what they stand for is repeated, and repeated in what repeats it. */
const MOST_ALIASES = 1000

/** The documents of a YAML stream; JSON is one of them. The problem has the line and the column. */
export function parseDocuments(text: string): Result<readonly YamlDocument[]> {
  const lines = new LineCounter()
  // What helm prints is YAML 1.1 where nothing else is said, as Kubernetes reads it: `on` and `0777` are never images.
  const parsed = parseAllDocuments(text, {merge: true, lineCounter: lines, prettyErrors: false, logLevel: 'error'})
  if (!Array.isArray(parsed)) return ok([])
  const documents: YamlDocument[] = []
  const placeAt = (offset: number): string => {
    const {line, col} = lines.linePos(offset)
    return `${line}:${col}`
  }
  for (const document of parsed) {
    const [error] = document.errors
    if (error !== undefined) return fail(`${placeAt(error.pos[0])}: cannot be parsed as YAML: ${error.message}`)
    const value = plainValue(document)
    if (!value.ok) return value
    const placeOf = (path: Path): string => {
      for (let length = path.length; length >= 0; length -= 1) {
        const node = length === 0 ? document.contents : nodeAt(document, path.slice(0, length))
        if (isNode(node) && node.range) return placeAt(node.range[0])
      }
      return placeAt(document.range[0])
    }
    documents.push({
      value: value.value,
      placeOf,
      placeOfKey: path => {
        const parent = path.length < 2 ? document.contents : nodeAt(document, path.slice(0, -1))
        const pairs = isMap(parent) ? parent.items : []
        const key = pairs.map(pair => pair.key).find(one => isScalar(one) && one.value === path.at(-1))
        return isScalar(key) && key.range ? placeAt(key.range[0]) : placeOf(path)
      },
    })
  }
  return ok(documents)
}

type Parsed = ReturnType<typeof parseAllDocuments>[number]

function plainValue(document: Parsed): Result<unknown> {
  try {
    return ok(document.toJS({maxAliasCount: MOST_ALIASES}))
  } catch (thrown) {
    // A ReferenceError: aliases of aliases, or one that has no anchor.
    return fail(`cannot be parsed as YAML: ${thrown instanceof Error ? thrown.message : String(thrown)}`)
  }
}

/** Behind an alias or a merge key nothing stands at the path. */
function nodeAt(document: Parsed, path: Path): unknown {
  try {
    return document.getIn(path, true)
  } catch {
    return undefined
  }
}

/** `images[0].scope` */
export function formatPath(path: Path): string {
  return path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`),
    '',
  )
}
