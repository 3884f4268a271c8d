import type {Process} from '../resolved-path.ts'
import {locateProgram} from '../search.ts'
import {isAlmquist} from '../shell/dialect.ts'
import type {ShellState} from '../shell/state.ts'
import {isApplet} from '../world/busybox.ts'
import {testFile} from '../world/test-file.ts'
import type {WorldView} from '../world/view.ts'
import type {Runner} from './handover.ts'

/** What `command -v` finds of a name that is not the shell's own, by the state of a script. */
export async function findCommand(
  runner: Pick<Runner, 'busybox' | 'perhapsBusybox'>,
  process: Process,
  name: string,
  {vars, cwd, dialect}: ShellState,
  view: WorldView,
): Promise<{readonly path: string} | 'failure' | 'unknown'> {
  const path = vars.get('PATH')
  if (typeof path !== 'string' || cwd === undefined) return 'unknown'
  // dash and ash take a path for whatever is there.
  if (name.includes('/') && isAlmquist(dialect)) {
    const isThere = await testFile(view, {...process, cwd, unknownCwd: undefined}, '-e', name)
    return isThere === 'success' ? {path: name} : isThere
  }
  const env = new Map([...process.env, ['PATH', path] as const])
  const found = await locateProgram(view, {...process, env, cwd, unknownCwd: undefined}, name)
  if (found.found) {
    const {gone, maybe, mode} = found.resolved
    return gone || maybe || mode ? 'unknown' : {path: found.path}
  }
  if (runner.busybox !== undefined && isApplet(name)) return {path: name}
  // bash, where nothing else is found, and ash take a file that may not be executed; dash passes it over.
  const {obstacle} = found
  const isThere = obstacle.kind === 'not-executable' || (obstacle.kind === 'not-in-path' && obstacle.passed.length > 0)
  if (isThere && dialect !== 'dash') return 'unknown'
  const mayBeOwn = runner.perhapsBusybox !== undefined && isApplet(name)
  return found.maybe === undefined && !mayBeOwn ? 'failure' : 'unknown'
}
