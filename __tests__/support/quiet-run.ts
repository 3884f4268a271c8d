import type {RunEnvironment} from '../../src/source/open.ts'

/** What readers are given that tell nobody anything and keep nothing; `run` marks what they create in a daemon. */
export function quietRun(run: string, more: Partial<RunEnvironment> = {}): RunEnvironment {
  return {
    env: {},
    signal: new AbortController().signal,
    run,
    announceDaemon: () => {},
    announcePull: () => {},
    mask: () => {},
    warn: () => {},
    progress: () => {},
    temporary: '/nowhere',
    version: '0.0.0',
    cache: {folder: '/nowhere'},
    ...more,
  }
}
