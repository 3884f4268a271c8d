import type {BaseAnswers, Dockerfile} from '../dockerfile/index.ts'
import type {DockerfileFacts, Facts} from '../facts/facts.ts'
import type {Place} from './place.ts'

/** A Dockerfile that an image may have been built from. */
export interface Source {
  /** In the workspace, or, with `from`, as the provenance names it. */
  readonly file: string
  /** Where no file of the workspace is the same. */
  readonly from?: 'provenance'
  readonly dockerfile: Dockerfile
  readonly bases: BaseAnswers
}

/** The Dockerfile that the build had; where that is not known those of the workspace, any of which may be meant. */
export function sourcesOf({provenance, made}: Place, {embedded = [], dockerfiles = []}: Facts): readonly Source[] {
  const built = provenance?.sources ?? []
  const own = made?.step.location ? built[made.step.location.source] : built.find(source => source.isDockerfile)
  const known = embedded.find(({text}) => text === own?.text)
  if (known) return sourceOf(known).map(source => (known.isInWorkspace ? source : {...source, from: 'provenance'}))
  return built.length > 0 ? [] : dockerfiles.flatMap(sourceOf)
}

function sourceOf({file, parsed, bases}: DockerfileFacts): Source[] {
  return parsed.ok ? [{file, dockerfile: parsed.value, bases}] : []
}
