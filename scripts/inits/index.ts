import {EXECLINE} from './execline/module.ts'
import type {InitModule} from './module.ts'
import {SUPERVISORD} from './supervisord/module.ts'

/** What `npm run test:inits` tries. */
export const INIT_MODULES: readonly InitModule[] = [EXECLINE, SUPERVISORD]
