import type {BaseAnswers, Dockerfile} from '../dockerfile/index.ts'
import type {DockerfileFacts} from '../facts/facts.ts'
import type {ProvenanceDockerfile} from './background.ts'
import type {ExplainedFile} from './explained-file.ts'

/** A Dockerfile that an image may have been built from. */
export interface CandidateDockerfile {
  /** In the workspace, or, with `from`, as the provenance names it. */
  readonly file: string
  /** Where no file of the workspace is the same. */
  readonly from?: 'provenance'
  readonly dockerfile: Dockerfile
  readonly bases: BaseAnswers
}

/** The Dockerfile that the build had; where that is not known those of the workspace, any of which may be meant. */
export function candidateDockerfiles(
  {provenance, made}: ExplainedFile,
  ofProvenance: readonly ProvenanceDockerfile[],
  ofWorkspace: readonly DockerfileFacts[],
): readonly CandidateDockerfile[] {
  const built = provenance?.files ?? []
  const own = made?.step.location ? built[made.step.location.file] : built.find(({isDockerfile}) => isDockerfile)
  const known = ofProvenance.find(({text}) => text === own?.text)
  if (known) return candidatesOf(known).map(one => (known.isInWorkspace ? one : {...one, from: 'provenance'}))
  return built.length > 0 ? [] : ofWorkspace.flatMap(candidatesOf)
}

function candidatesOf({file, parsed, bases}: DockerfileFacts): CandidateDockerfile[] {
  return parsed.ok ? [{file, dockerfile: parsed.value, bases}] : []
}
