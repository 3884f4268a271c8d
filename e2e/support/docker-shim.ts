import {mkdir, open, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {exists} from '../ground/cache.ts'
import {run} from '../ground/run.ts'
import type {Stand} from './stand.ts'
import {waitUntil} from './wait.ts'

/** A folder for the front of PATH, with a `docker` that stops before one of its commands until it is told to go on. */
export interface DockerShim {
  readonly folder: string
  /** Resolves when somebody has begun to wait. */
  reached(): Promise<void>
  /** Lets all that wait, and all that come, go on. */
  release(): Promise<void>
  /** After it nobody may wait any more. */
  close(): Promise<void>
}

// A builtin that waits, not a `sleep`: a signal ends the shell, and no child of it is left. A line ends one waiting.
const SHIM = `#!/bin/sh
if [ "$1" = "@COMMAND@" ]; then
  : > "@FOLDER@/reached"
  read -r _ < "@FOLDER@/gate"
fi
exec "@DOCKER@" "$@"
`
/** More lines than anybody waits, in what a FIFO holds at once. */
const LINES = 4096

/** Makes such a folder; `command` is docker's first argument: `pull`, `create`, `export`. */
export async function makeDockerShim(stand: Stand, name: string, command: string): Promise<DockerShim> {
  const folder = join(stand.scratch, name)
  await mkdir(folder)
  const text = SHIM.replaceAll('@COMMAND@', command)
    .replaceAll('@FOLDER@', folder)
    .replaceAll('@DOCKER@', stand.tools.docker)
  await writeFile(join(folder, 'docker'), text, {mode: 0o755})
  await run('mkfifo', [join(folder, 'gate')])
  // For reading, too: so opening does not wait for a reader, and the lines stay.
  const gate = await open(join(folder, 'gate'), 'r+')
  return {
    folder,
    reached: () => waitUntil(`docker ${command} is asked for`, () => exists(join(folder, 'reached'))),
    async release() {
      await gate.write('\n'.repeat(LINES))
    },
    close: () => gate.close(),
  }
}
