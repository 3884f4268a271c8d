import {injectedProgram, readCommand, type Step} from '../exec/index.ts'
import type {PlatformFacts} from '../facts/facts.ts'
import type {PlatformViolation, Rule} from './rule.ts'
import {stepEvidence} from './support/chain.ts'
import {evidenceNotThere, notThere, reasonNotThere} from './support/missing-path.ts'

/** What is to be started, or what the engine needs to start it, is not in the image. */
export const missingProgram: Rule = {
  id: 'missing-program',
  level: 'error',
  summary: 'What is to be started is not in the image.',
  checkStep({step, platform}) {
    const found = findIn(step)
    if (found === undefined) return undefined
    const injected = injectedInto(platform, step)
    return injected === undefined ? found : {...found, level: 'note', message: `${found.message}: ${injected}`}
  },
}

/** Who mounts the program into the container, where a device runtime does. */
function injectedInto({config}: PlatformFacts, {path, role}: Step): string | undefined {
  return config && role === 'program' ? injectedProgram(readCommand(config).env, path) : undefined
}

function findIn(step: Step): PlatformViolation | undefined {
  const {path, via, role, obstacle} = step
  if (obstacle?.kind === 'no-such-user') {
    return {message: obstacle.reason, evidence: {...stepEvidence(step), reason: obstacle.reason}}
  }
  if (obstacle?.kind === 'relative-path-element') {
    const {element, at} = obstacle
    const message = `${path} (${via}) is found at ${at} through the relative element ${JSON.stringify(element)} of PATH only, and the runtime does not run such a program`
    return {message, evidence: {...stepEvidence(step), element, at}}
  }
  const missing = notThere(step)
  // Interpreters, loaders and libraries have rules of their own.
  if (missing === undefined || role === 'interpreter' || role === 'loader' || role === 'library') return undefined
  const what = role === 'setup' ? `the working directory ${path}` : `${path} (${via})`
  return {message: `${what} ${reasonNotThere(path, missing)}`, evidence: evidenceNotThere(step, missing)}
}
