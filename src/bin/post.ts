import * as core from '@actions/core'
import {messageOf} from '../errors.ts'
import {escapeLog} from '../report/index.ts'
import {removeLeftovers} from '../source/remove-leftovers.ts'
import {STATE} from './state.ts'

// A file of its own: where `main` was killed before it could save anything, nothing else distinguishes the two steps.
void post()

/** Removes what main could not because it was killed. Where no daemon was used, none is asked. */
async function post(): Promise<void> {
  if (core.getState(STATE.daemon) === '') return
  try {
    await removeLeftovers({
      env: process.env,
      run: core.getState(STATE.run),
      pulls: parsePulls(core.getState(STATE.pulls)),
    })
  } catch (thrown) {
    core.warning(`Could not remove what the check left in the Docker daemon: ${escapeLog(messageOf(thrown))}`)
  }
}

function parsePulls(state: string): string[] {
  const pulls: unknown = state === '' ? [] : JSON.parse(state)
  return Array.isArray(pulls) ? pulls.filter(pull => typeof pull === 'string') : []
}
