import {injectedProgram, readCommand, type Step} from '../exec/index.ts'
import type {PlatformFacts} from '../facts/facts.ts'
import {defined} from '../lib/defined.ts'
import type {PlatformViolation, Rule} from './rule.ts'
import {stepEvidence} from './support/chain.ts'
import {evidenceNotThere, notThere, reasonNotThere} from './support/missing-path.ts'

/** What is to be started, or what the engine needs to start it, is not in the image. */
export const missingProgram: Rule = {
  id: 'missing-program',
  level: 'error',
  summary: 'What is to be started is not in the image.',
  checkStep({step, platform}) {
    const found = findIn(step, platform)
    if (found === undefined) return undefined
    const injected = injectedInto(platform, step)
    return injected === undefined ? found : {...found, level: 'note', message: `${found.message}: ${injected}`}
  },
}

/** Who mounts the program into the container, where a device runtime does. */
function injectedInto({config}: PlatformFacts, {path, role}: Step): string | undefined {
  return config && role === 'program' ? injectedProgram(readCommand(config).runtimes, path) : undefined
}

function findIn(step: Step, platform: PlatformFacts): PlatformViolation | undefined {
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
  const what =
    role === 'setup' ? `the ${via === 'volume' ? 'volume' : 'working directory'} ${path}` : `${path} (${via})`
  const variable = variableOf(platform, path)
  const counterpart = missing.kind === 'missing' ? missing.counterpart : undefined
  const named = variable === undefined ? '' : `; the config sets ${variable.name}=${variable.value}`
  const instead = counterpart === undefined ? '' : `; the image has ${counterpart}`
  return {
    message: `${what} ${reasonNotThere(path, missing)}${named}${instead}`,
    evidence: {
      ...evidenceNotThere(step, missing),
      ...(variable ? {variable: variable.name, value: variable.value} : {}),
      ...defined({counterpart}),
    },
    ...defined({fix: fixOf(variable, missing, counterpart)}),
  }
}

interface Variable {
  readonly name: string
  readonly value: string
}

/** The variable of the config that a path begins with: `JAVA_HOME` for `$JAVA_HOME/bin/java`; the longest counts. */
function variableOf({config}: PlatformFacts, path: string): Variable | undefined {
  if (!config) return undefined
  const beginnings = [...readCommand(config).env].flatMap(([name, value]) => {
    // `/` and `/usr` begin too many paths to say anything.
    const isDirectory = /^\/[^/:]+\/[^:]+$/.test(value)
    return isDirectory && path.startsWith(`${value.replace(/\/$/, '')}/`) ? [{name, value}] : []
  })
  return beginnings.toSorted((a, b) => b.value.length - a.value.length)[0]
}

function fixOf(
  variable: Variable | undefined,
  missing: NonNullable<ReturnType<typeof notThere>>,
  counterpart: string | undefined,
): string | undefined {
  if (counterpart === undefined || missing.kind !== 'missing') return undefined
  const value = variable?.value.replace(/\/$/, '')
  return variable && value !== undefined && (value === missing.at || value.startsWith(`${missing.at}/`))
    ? `Set ${variable.name} to ${counterpart}${value.slice(missing.at.length)} on this platform, or to a path that every platform has.`
    : `Name ${counterpart} in place of ${missing.at} on this platform, or a path that every platform has.`
}
