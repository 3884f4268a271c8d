import type {Facts} from '../facts/facts.ts'
import {defined} from '../lib/defined.ts'
import {formatBase} from '../provenance/index.ts'
import type {Cause, Finding} from '../rules/finding.ts'
import {type Blame, blame} from './blame.ts'
import {baseCause} from './built-on.ts'
import {describeLayer, describeSource, describeWay, quote, quoteLines, wayEvidence} from './describe.ts'
import {perPlatformCopy} from './fix.ts'
import {type Place, placeOf} from './place.ts'
import {sourcesOf} from './sources.ts'

/** Rules about files of another platform: of them, a line that fixes a platform is the cause. */
const FOREIGN: readonly string[] = ['wrong-machine', 'variant-too-new', 'foreign-executable']

/**
 * Says of each finding about a file where the file is from and what to change, as precisely as it is known: the line of
 * the Dockerfile by the build's own provenance, else by the history of the image, else the layer. Rules that know a
 * cause themselves are not spoken over; no finding comes or goes, and none changes its rule or its level.
 */
export function explain(findings: readonly Finding[], facts: Facts): readonly Finding[] {
  return findings.map(finding => explainOne(finding, facts))
}

function explainOne(finding: Finding, facts: Facts): Finding {
  if (finding.cause !== undefined) return finding
  const place = placeOf(finding, facts)
  if (place === undefined) return finding
  const isForeign = FOREIGN.includes(finding.rule)
  const found = sourcesOf(place, facts).flatMap(source => blame(source, place, {isForeign}) ?? [])
  // Of several Dockerfiles in the workspace only one can be meant; where two fit nobody knows which.
  const told = found.length === 1 ? found[0] : undefined
  const base = told ? undefined : baseCause(place, facts.builtOn ?? [])
  const cause = told ? causeOf(told, place) : (stepCause(place, facts) ?? base?.cause ?? plainCause(place))
  if (cause === undefined) return finding
  const fix = (told ? fixOf(told, isForeign) : isForeign ? base?.fix : undefined) ?? finding.fix
  return {
    ...finding,
    evidence: {...finding.evidence, ...(told ? wayEvidence(told) : {})},
    cause: {...cause, ...layerOf(place)},
    ...defined({fix}),
  }
}

/** The line as it should be, where that is known. */
function fixOf({suspects, way}: Blame, isForeign: boolean): string | undefined {
  const [suspect] = suspects
  const last = way?.steps.at(-1)
  return suspect?.fix ?? (isForeign && last ? perPlatformCopy(last) : undefined)
}

function causeOf(told: Blame, place: Place): Cause {
  const {source, way, brought, suspects} = told
  const [suspect] = suspects
  const at = {file: source.file, ...defined({from: source.from})}
  if (suspect) {
    const lines = {line: suspect.line, endLine: suspect.endLine}
    return {message: `${suspect.message}${describeWay(told, suspect)}`, ...at, ...lines}
  }
  const base = place.made?.base
  if (base) return {message: `it came with the base image ${formatBase(base)}`, ...at, ...brought}
  const last = way && way.certainty !== 'possible' ? way.steps.at(-1) : undefined
  if (last === undefined) return {message: `this brought it: ${quoteLines(source, brought)}`, ...at, ...brought}
  const lines = {line: last.line, endLine: last.endLine}
  return {message: `${describeSource(last, source)}${describeWay(told, last.instruction)}`, ...at, ...lines}
}

/** The line alone, of what this program does not read as a Dockerfile. */
function stepCause({provenance, made}: Place, {embedded = []}: Facts): Cause | undefined {
  const location = made?.step.location
  const source = location && provenance?.sources[location.source]
  const known = embedded.find(({text}) => text === source?.text)
  if (known === undefined || source === undefined || location === undefined) return undefined
  const quoted = quote(
    source.text
      .split(/\r?\n/)
      .slice(location.line - 1, location.endLine)
      .join(' '),
  )
  const {line, endLine} = location
  const from = known.isInWorkspace ? {} : {from: 'provenance' as const}
  return {message: `this brought it: ${quoted}`, file: known.file, ...from, line, endLine}
}

function plainCause(place: Place): Cause | undefined {
  const {layer, made} = place
  if (made?.base) return {message: `it came with the base image ${formatBase(made.base)}`}
  return layer && {message: describeLayer(layer)}
}

function layerOf({layer}: Place): Pick<Cause, 'layer'> {
  return layer === undefined ? {} : {layer: {index: layer.index, digest: layer.digest, createdBy: layer.createdBy}}
}
