import type {BaseAnswers} from '../dockerfile/index.ts'
import type {Facts} from '../facts.ts'
import type {Cause, Finding} from '../rules/finding.ts'
import {type Blame, blame} from './blame.ts'
import {describeLayer, describeSource, describeWay, formatBase, quoteLines, wayEvidence} from './describe.ts'
import {type Place, placeOf} from './place.ts'
import {embeddedSource, type Source, type WorkspaceFile, workspaceSource} from './sources.ts'

/** What explanations are made of, beside the facts. */
export interface ExplainOptions {
  /** The Dockerfiles of the workspace. */
  readonly workspace: readonly WorkspaceFile[]
  /** What registries say of the bases that these, and those of the provenance, name. */
  readonly bases: BaseAnswers
}

/** Rules about files of another platform: of them, a line that fixes a platform is the cause. */
const FOREIGN: readonly string[] = ['wrong-machine', 'variant-too-new', 'foreign-executable']

/**
 * Says of each finding about a file where the file is from and what to change, as precisely as it is known: the line of the Dockerfile by the build's own
 * provenance, else by the history of the image, else the layer. Rules that know a cause themselves are not spoken over; no finding comes or goes, and none
 * changes its rule or its level.
 */
export function explain(findings: readonly Finding[], facts: Facts, options: ExplainOptions): readonly Finding[] {
  return findings.map(finding => explainOne(finding, facts, options))
}

function explainOne(finding: Finding, facts: Facts, options: ExplainOptions): Finding {
  if (finding.cause !== undefined) return finding
  const place = placeOf(finding, facts)
  if (place === undefined) return finding
  const isForeign = FOREIGN.includes(finding.rule)
  const found = sourcesOf(place, options.workspace).flatMap(
    source => blame(source, place, {bases: options.bases, isForeign}) ?? [],
  )
  // Of several Dockerfiles in the workspace only one can be meant; where two fit nobody knows which.
  const told = found.length === 1 ? found[0] : undefined
  const cause = told ? causeOf(told, place) : plainCause(place)
  if (cause === undefined) return finding
  const fix = told?.suspects[0]?.fix ?? finding.fix
  return {
    ...finding,
    evidence: {...finding.evidence, ...(told ? wayEvidence(told) : {})},
    cause: {...cause, ...layerOf(place)},
    ...(fix === undefined ? {} : {fix}),
  }
}

/** The Dockerfile that the build had, else those of the workspace. */
function sourcesOf({provenance, made}: Place, workspace: readonly WorkspaceFile[]): readonly Source[] {
  const embedded = provenance?.sources ?? []
  const own = made?.step.location ? embedded[made.step.location.source] : embedded.find(source => source.isDockerfile)
  if (provenance && own) return [embeddedSource(own, provenance, workspace)]
  return embedded.length > 0 ? [] : workspace.map(workspaceSource)
}

function causeOf(told: Blame, place: Place): Cause {
  const {source, way, brought, suspects} = told
  const [suspect] = suspects
  const at = {file: source.file, ...(source.from ? {from: source.from} : {})}
  if (suspect) {
    const lines = {line: suspect.line, endLine: suspect.endLine}
    return {message: `${suspect.message}${describeWay(told, suspect)}`, ...at, ...lines}
  }
  const base = place.made?.base
  if (base) return {message: `it came with the base image ${formatBase(base)}`, ...at, ...brought}
  const last = way && way.certainty !== 'possible' ? way.steps.at(-1) : undefined
  if (last === undefined) return {message: `this brought it: ${quoteLines(source, brought)}`, ...at, ...brought}
  const lines = {line: last.line, endLine: last.endLine}
  return {message: `${describeSource(last)}${describeWay(told, last.instruction)}`, ...at, ...lines}
}

function plainCause(place: Place): Cause | undefined {
  const base = place.made?.base
  const message = base ? `it came with the base image ${formatBase(base)}` : describeLayer(place)
  return message === undefined ? undefined : {message}
}

function layerOf({layer}: Place): Pick<Cause, 'layer'> {
  return layer === undefined ? {} : {layer: {index: layer.index, digest: layer.digest, createdBy: layer.createdBy}}
}
