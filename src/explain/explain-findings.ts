import type {Facts} from '../facts/facts.ts'
import {defined} from '../lib/defined.ts'
import {formatBase} from '../provenance/index.ts'
import type {Finding} from '../rules/finding.ts'
import type {Background} from './background.ts'
import {baseImageCause} from './base-image-cause.ts'
import {candidateDockerfiles} from './candidate-dockerfiles.ts'
import type {Cause, ExplainedFinding} from './cause.ts'
import {describeStep, describeWay, originEvidence, quote, quoteLines} from './cause-text.ts'
import {type DockerfileTrace, traceToDockerfile} from './dockerfile-trace.ts'
import {type ExplainedFile, explainedFile, platformOf} from './explained-file.ts'
import {layerCause, scannedLayerCause} from './layer-cause.ts'
import {perPlatformCopy} from './per-platform-copy.ts'

/** Rules about files of another platform: of them, a line that fixes a platform is the cause. */
const FOREIGN: readonly string[] = ['wrong-machine', 'variant-too-new', 'foreign-executable']

/**
 * Says of each finding about a file where the file is from and what to change, as precisely as it is known:
 * the line of the Dockerfile by the build's own provenance, else by the history of the image, else the layer.
 * Where a rule itself names the layer of its files, that is the cause; no finding comes or goes, and none changes its
 * rule or its level.
 */
export function explainFindings(
  findings: readonly Finding[],
  facts: Facts,
  background: Background,
): readonly ExplainedFinding[] {
  return findings.map(finding => explainOne(finding, facts, background))
}

function explainOne(finding: Finding, facts: Facts, background: Background): ExplainedFinding {
  const platform = platformOf(finding, facts)
  if (platform === undefined) return finding
  const scanned = finding.layer === undefined ? undefined : platform.layers[finding.layer]
  if (scanned) return {...finding, cause: scannedLayerCause(scanned)}
  const file = explainedFile(finding, platform, background.records)
  if (file === undefined) return finding
  const isForeign = FOREIGN.includes(finding.rule)
  const candidates = candidateDockerfiles(file, background.dockerfiles, facts.dockerfiles ?? [])
  const traces = candidates.flatMap(candidate => traceToDockerfile(candidate, file, {isForeign}) ?? [])
  // Of several Dockerfiles in the workspace only one can be meant; where two fit nobody knows which.
  const trace = traces.length === 1 ? traces[0] : undefined
  const base = trace ? undefined : baseImageCause(file, background.bases)
  const cause = trace ? lineCause(trace, file) : (stepCause(file, background) ?? base?.cause ?? plainCause(file))
  if (cause === undefined) return finding
  const fix = (trace ? fixOf(trace, isForeign) : isForeign ? base?.fix : undefined) ?? finding.fix
  return {
    ...finding,
    evidence: {...finding.evidence, ...(trace ? originEvidence(trace) : {})},
    cause: {...cause, ...layerOf(file)},
    ...defined({fix, edit: trace?.candidate.from === undefined ? trace?.suspects[0]?.edit : undefined}),
  }
}

/** The line as it should be, where that is known. */
function fixOf({suspects, origin}: DockerfileTrace, isForeign: boolean): string | undefined {
  const [suspect] = suspects
  const last = origin?.steps.at(-1)
  return suspect?.fix ?? (isForeign && last ? perPlatformCopy(last) : undefined)
}

function lineCause(trace: DockerfileTrace, explained: ExplainedFile): Cause {
  const {candidate, origin, brought, suspects} = trace
  const [suspect] = suspects
  const at = {kind: 'line' as const, file: candidate.file, ...defined({from: candidate.from})}
  if (suspect) {
    const lines = {line: suspect.line, endLine: suspect.endLine}
    return {...at, message: `${suspect.message}${describeWay(trace, suspect)}`, ...lines}
  }
  const base = explained.made?.base
  if (base) return {...at, message: `it came with the base image ${formatBase(base)}`, ...brought}
  const last = origin && origin.certainty !== 'possible' ? origin.steps.at(-1) : undefined
  if (last === undefined) return {...at, message: `this brought it: ${quoteLines(candidate, brought)}`, ...brought}
  const lines = {line: last.line, endLine: last.endLine}
  return {...at, message: `${describeStep(last, candidate)}${describeWay(trace, last.instruction)}`, ...lines}
}

/** The line alone, of what this program does not read as a Dockerfile. */
function stepCause({provenance, made}: ExplainedFile, {dockerfiles}: Background): Cause | undefined {
  const location = made?.step.location
  const built = location && provenance?.files[location.file]
  const known = dockerfiles.find(({text}) => text === built?.text)
  if (known === undefined || built === undefined || location === undefined) return undefined
  const {line, endLine} = location
  const quoted = quote(
    built.text
      .split(/\r?\n/)
      .slice(line - 1, endLine)
      .join(' '),
  )
  const from = known.isInWorkspace ? {} : {from: 'provenance' as const}
  return {kind: 'line', message: `this brought it: ${quoted}`, file: known.file, ...from, line, endLine}
}

function plainCause({layer, made}: ExplainedFile): Cause | undefined {
  if (made?.base) return {kind: 'base-image', message: `it came with the base image ${formatBase(made.base)}`}
  return layer && layerCause(layer)
}

function layerOf({layer}: ExplainedFile): Pick<Cause, 'layer'> {
  return layer === undefined ? {} : {layer: {index: layer.index, digest: layer.digest, createdBy: layer.createdBy}}
}
