import {join} from 'node:path'

/**
 * Programs that tests start from their sources keep there what node has compiled, as most of their time is spent on
 * that. https://nodejs.org/api/module.html#module-compile-cache
 */
export const COMPILE_CACHE = {
  NODE_COMPILE_CACHE: join(new URL('../..', import.meta.url).pathname, '.cache/compiled'),
} as const
