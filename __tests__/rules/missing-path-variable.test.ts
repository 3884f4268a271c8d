import {expect, test} from '@jest/globals'
import {missingProgram} from '../../src/rules/missing-program.ts'
import {runRules} from '../../src/rules/run.ts'
import {testFacts, testPlatformFacts, testStep} from '../support/facts.ts'
import {imageConfig} from '../support/image-config.ts'

const HOME = '/usr/lib/jvm/java-17-amd64'

function findings(env: readonly string[], counterpart?: string) {
  const path = `${HOME}/bin/java`
  const obstacle = {kind: 'missing', errno: 'ENOENT', at: HOME, ...(counterpart ? {counterpart} : {})} as const
  const platform = {
    ...testPlatformFacts('linux/arm64', {steps: [testStep({path, obstacle})]}),
    config: imageConfig({env: [...env]}),
  }
  const all = runRules([missingProgram], testFacts([platform]), new Map())
  return all.map(({level, message, fix}) => ({level, message, fix}))
}

test('names the variable that the path comes from, and what to set it to', () => {
  expect(findings([`JAVA_HOME=${HOME}`, 'PREFIX=/usr'], '/usr/lib/jvm/java-17-arm64')).toEqual([
    {
      level: 'error',
      message: `${HOME}/bin/java (entrypoint) is not in the image: there is no ${HOME}; the config sets JAVA_HOME=${HOME}; the image has /usr/lib/jvm/java-17-arm64`,
      fix: 'Set JAVA_HOME to /usr/lib/jvm/java-17-arm64 on this platform, or to a path that every platform has.',
    },
  ])
})

test.each<[string, string[], string, string]>([
  ['no variable', [], '/usr/lib/jvm/java-17-arm64', 'Name /usr/lib/jvm/java-17-arm64'],
  ['a list of directories', [`X=${HOME}:/b`], '/usr/lib/jvm/java-17-arm64', 'Name /usr/lib/jvm/java-17-arm64'],
  [
    'a variable, and nothing instead',
    [`JAVA_HOME=${HOME}`],
    '',
    `Copy ${HOME}/bin/java into the image for this platform`,
  ],
])('%s', (_, env, counterpart, fix) => {
  const [found] = findings(env, counterpart)
  expect(found?.fix).toContain(fix)
})
