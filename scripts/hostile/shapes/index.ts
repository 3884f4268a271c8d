import {type Trial, trialOf, trialsOf} from '../trial.ts'
import {COMPRESSED} from './compressed.ts'
import {DOCKERFILES} from './dockerfiles.ts'
import {DOCUMENTS} from './documents.ts'
import {ENTRIES} from './entries.ts'
import {LAYERS} from './layers.ts'
import {PROGRAMS} from './programs.ts'
import {REGISTRIES} from './registries.ts'
import {SCRIPTS} from './scripts.ts'

/** All that is tried, in the order of its rows. */
export const ALL_TRIALS: readonly Trial[] = [
  ...[COMPRESSED, ENTRIES, LAYERS, DOCUMENTS, PROGRAMS, SCRIPTS].flat().flatMap(trialsOf),
  ...[DOCKERFILES, REGISTRIES].flat().map(trialOf),
]
