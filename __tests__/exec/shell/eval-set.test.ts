import {expect, test} from '@jest/globals'
import {program} from '../../../scripts/kernel/elf.ts'
import {executable} from '../../support/memory-rootfs.ts'
import {startScript} from '../../support/told-startup.ts'

/*
 * The end of the start scripts that Gradle 2 to 6 makes, gradle's own among them (4.4.1 of Debian bookworm): words that
 * only the run knows are quoted and become positional parameters. What the script has set before stands.
 */

const SAVE = 'save () { for i do printf %s\\\\n "$i" | sed "1s/^/\'/" ; done; }\nAPP_ARGS=$(save "$@")\nCMD=/opt/java\n'

test.each([
  ['eval set -- $OPTS -classpath "\\"$CP\\"" Main "$APP_ARGS"', '/opt/java'],
  // Of another command it may set anything.
  ['eval x=1 $APP_ARGS', undefined],
  ['eval set $APP_ARGS', undefined],
])('%s', async (line, expected) => {
  const {steps, undetermined} = await startScript(`${SAVE}${line}\nexec "$CMD" "$@"\n`, {
    config: {cmd: ['run']},
    files: {'/opt/java': executable(program({machine: 183}))},
  })
  const foreign = steps.find(({verdict, certainty}) => verdict?.fit === 'foreign' && certainty === 'certain')
  expect(foreign?.path).toBe(expected)
  if (expected === undefined) expect(undetermined).toMatch(/runs "?\$CMD/)
})
