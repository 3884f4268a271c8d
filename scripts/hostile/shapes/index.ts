import {type Trial, trialOf, trialsOf} from '../trial.ts'
import {COMPRESSED} from './compressed.ts'
import {DOCKERFILES} from './dockerfiles.ts'
import {DOCUMENTS} from './documents.ts'
import {ENGINES} from './engines.ts'
import {ENTRIES} from './entries.ts'
import {ATTESTATIONS, HOLDERS} from './holders.ts'
import {LAYERS} from './layers.ts'
import {PROGRAMS} from './programs.ts'
import {REGISTRIES} from './registries.ts'
import {SCRIPTS} from './scripts.ts'
import {BOMBS, SIZES} from './sizes.ts'
import {STARTS} from './starts.ts'
import {TABLES} from './tables.ts'

/** All that is tried, in the order of its rows. */
export const ALL_TRIALS: readonly Trial[] = [
  ...[COMPRESSED, ENTRIES, LAYERS, DOCUMENTS, PROGRAMS, TABLES, SCRIPTS, STARTS, ATTESTATIONS].flat().flatMap(trialsOf),
  ...SIZES.flatMap(trialsOf),
  ...[BOMBS, ENGINES, HOLDERS, DOCKERFILES, REGISTRIES].flat().map(trialOf),
]
