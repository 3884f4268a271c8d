import type {EngineRefusal} from '../image/source.ts'
import type {Rule} from './rule.ts'

/** An image that Docker does not pull or start, whatever its programs are: an error where neither image store does. */
export const refusedByEngine: Rule = {
  id: 'refused-by-engine',
  level: 'error',
  summary: 'Docker, or one of its two image stores, refuses the image.',
  *checkPlatform({platform, name}) {
    for (const {by, problem} of platform.refusals ?? []) {
      yield {
        ...(by === 'both' ? {} : {level: 'warning' as const}),
        message: `${STORES[by]} refuses ${name}: ${problem}`,
        evidence: {by, problem},
        fix: 'Build the image again with docker buildx; do not write its layers, manifest or config by hand.',
      }
    }
  },
}

const STORES: Readonly<Record<EngineRefusal['by'], string>> = {
  both: 'Docker, with either image store,',
  classic: 'the classic (graph driver) image store of Docker',
  containerd: 'the containerd image store',
  'docker-cp': 'docker cp, though its containers start,',
}
