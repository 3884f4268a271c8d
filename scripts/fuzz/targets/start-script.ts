import {startScript} from '../../../__tests__/support/script-start.ts'
import {SCRIPTS, SHELL_WORDS} from '../seeds/scripts.ts'
import {type FuzzTarget, holds} from '../target.ts'

/** Start scripts, followed in a small root filesystem to what they start. */
export const target: FuzzTarget = {
  name: 'start-script',
  seeds: () => SCRIPTS,
  limit: 1000,
  // What is followed has limits of its own (src/exec/budget.ts), and no length says how much of them a script uses.
  millisecondsPerKiB: 5000,
  words: [...SHELL_WORDS, '/app/server', '/app/arm', '/etc/app.conf', '/tmp/x', 'exec ', 'eval ', '. ', 'sed ', 'awk '],
  run: async input => {
    const startup = await startScript(Buffer.from(input).toString('utf8'))
    const [script] = startup.steps
    holds(script?.path === '/e.sh' && script.certainty === 'certain', 'the script itself is started')
    return startup
  },
}
