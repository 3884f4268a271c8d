import {parseMetadata} from '../image/build-metadata.ts'
import {parseLocation} from '../image/location.ts'
import {isObject} from '../lib/is-object.ts'
import {fail, ok, type Result} from '../lib/result.ts'
import {withoutComment} from '../lib/without-comment.ts'
import {parseDocuments, type YamlDocument} from '../lib/yaml.ts'
import {isComposeFile, readCompose} from './compose.ts'
import {type Inventory, joinInventories, type NamedImage, NOTHING} from './inventory.ts'
import {isKubernetesObject, readKubernetes} from './kubernetes.ts'
import {isListOfReferences, readLines} from './lines.ts'
import {isPlanLine, readPlanLines} from './plan.ts'
import {isReport, isReportLine, readReport, readReportLines} from './report.ts'

const EXPECTED =
  'expected references, one per line, a compose file, Kubernetes manifests, the metadata of docker buildx or a report of this program'

/**
 * The images that a text names: a list of references (`#` starts a comment), a compose file, Kubernetes manifests (also
 * what helm template and kustomize build print), buildx's metadata file, or a JSON report of this program. The
 * content decides which of them it is. Each reference is one that can be parsed; the problem says in which line and
 * column another one stands.
 */
export function parseInventory(text: string): Result<Inventory> {
  const inventory = readText(text)
  if (!inventory.ok) return inventory
  const wrong = inventory.value.images.flatMap(image => problemOf(image))
  if (wrong.length > 0) return fail(wrong.join('\n'))
  if (inventory.value.images.length > 0) return inventory
  return fail(`names no image: ${isTemplate(text) ? RENDER : reasonOf(inventory.value)}`)
}

const RENDER = 'it is a template; give what helm template prints'

/** A chart's template is YAML by chance: `{{ .Values.image }}` is a mapping whose key is a mapping. */
function isTemplate(text: string): boolean {
  return /\{\{.*\}\}/.test(text)
}

function reasonOf({leftOut: [first]}: Inventory): string {
  return first === undefined ? EXPECTED : `${first.place}: ${first.what}`
}

function problemOf({text, place}: NamedImage): string[] {
  const location = parseLocation(text)
  if (location.ok) return []
  const problem = isTemplate(text) ? `${quote(text)}: ${RENDER}` : location.problem
  return [place === '' ? problem : `${place}: ${problem}`]
}

function readText(text: string): Result<Inventory> {
  if (isListOfReferences(text)) return ok(readLines(text))
  if (isPlanLine(text)) return readPlanLines(text)
  if (isReportLine(text)) return readReportLines(text)
  const documents = parseDocuments(text)
  if (!documents.ok) return documents
  const read: Inventory[] = []
  for (const document of documents.value) {
    const inventory = readDocument(document, text)
    if (!inventory.ok) return inventory
    read.push(inventory.value)
  }
  return ok(joinInventories(read))
}

function readDocument(document: YamlDocument, text: string): Result<Inventory> {
  const {value} = document
  if (value === null || value === undefined) return ok(NOTHING)
  if (typeof value === 'string') return fail(secondWordIn(text))
  if (Array.isArray(value)) return readList(value, document)
  if (!isObject(value)) return fail(`${document.placeOf([])}: ${EXPECTED}, got ${JSON.stringify(value)}`)
  if (isKubernetesObject(value)) return ok(readKubernetes(value, document))
  if (isComposeFile(value)) return readCompose(value, document)
  if (isReport(value)) return ok(readReport(value))
  return readMetadata(text, value)
}

/** `["app:1", "app:2"]` */
function readList(list: readonly unknown[], {placeOf}: YamlDocument): Result<Inventory> {
  const images: NamedImage[] = []
  for (const [index, entry] of list.entries()) {
    const place = placeOf([index])
    if (typeof entry !== 'string') return fail(`${place}: expected a reference, got ${JSON.stringify(entry)}`)
    images.push({text: entry, place})
  }
  return ok({images, leftOut: []})
}

function readMetadata(text: string, value: Readonly<Record<string, unknown>>): Result<Inventory> {
  const images = parseMetadata(text)
  if (images.ok) return ok({images: images.value.map(image => ({text: image, place: ''})), leftOut: []})
  const isBuilt = /"(?:containerimage\.|buildx\.|image\.name)/.test(text)
  const keys = Object.keys(value).slice(0, 5).map(quote).join(', ')
  return fail(isBuilt ? images.problem : `${EXPECTED}, got the keys ${keys === '' ? '(none)' : keys}`)
}

/** A list in which a line is not one word is a plain scalar of YAML, over as many lines as it has. */
function secondWordIn(text: string): string {
  const lines = text.split('\n').map(withoutComment)
  const index = lines.findIndex(line => /\s/.test(line))
  return index < 0 ? EXPECTED : `${index + 1}: expected one reference a line, got ${quote(lines[index] ?? '')}`
}

function quote(text: string): string {
  return JSON.stringify(text)
}
