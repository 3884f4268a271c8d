import {readCommand} from '../exec/command.ts'
import type {Step} from '../exec/index.ts'
import {injectedProgram} from '../exec/injected.ts'
import type {PlatformFacts} from '../facts/facts.ts'
import {defined} from '../lib/defined.ts'
import type {PlatformViolation, Rule} from './rule.ts'
import {stepEvidence} from './support/chain.ts'
import {evidenceNotThere, keepInPlace, notThere, reasonNotThere} from './support/missing-path.ts'
import {fixOfWords} from './support/mistaken-words.ts'
import {describeStandIn} from './support/stand-in.ts'

/** What is to be started, or what the engine needs to start it, is not in the image. */
export const missingProgram: Rule = {
  id: 'missing-program',
  level: 'error',
  summary: 'The program to start is not in the image.',
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
    return {
      message: obstacle.reason,
      evidence: {...stepEvidence(step), reason: obstacle.reason},
      fix: 'Create the user and its group in the image (RUN adduser …), or name them by their numbers: USER 1000:1000.',
    }
  }
  if (obstacle?.kind === 'relative-path-element') {
    const {element, at} = obstacle
    const message = `${path} (${via}) is found at ${at} through the relative element ${JSON.stringify(element)} of PATH only, and the runtime does not run such a program`
    return {
      message,
      evidence: {...stepEvidence(step), element, at},
      fix: `Name the program by its absolute path, ${at}, and leave ${JSON.stringify(element)} out of PATH.`,
    }
  }
  const missing = notThere(step)
  // Interpreters, loaders and libraries have rules of their own.
  if (missing === undefined || role === 'interpreter' || role === 'loader' || role === 'library') return undefined
  const what =
    role === 'setup' ? `the ${via === 'volume' ? 'volume' : 'working directory'} ${path}` : `${path} (${via})`
  const variable = variableOf(platform, path)
  const counterpart = missing.kind === 'missing' ? missing.counterpart : undefined
  const named = variable === undefined ? '' : `; the config sets ${variable.name}=${variable.value}`
  const known = missing.kind === 'missing' && counterpart === undefined ? platform.standIns?.get(missing.at) : undefined
  const standIn = known && describeStandIn(path, known)
  const instead = counterpart === undefined ? (standIn?.clause ?? '') : `; the image has ${counterpart}`
  return {
    message: `${what} ${reasonNotThere(path, missing)}${named}${instead}`,
    evidence: {
      ...evidenceNotThere(step, missing),
      ...(variable ? {variable: variable.name, value: variable.value} : {}),
      ...defined({counterpart}),
      ...standIn?.evidence,
    },
    ...defined({layer: standIn?.layer}),
    fix: fixOf(variable, missing, counterpart) ?? standIn?.fix ?? fixOfWords(step) ?? plainFix(step, missing),
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

/** Where nothing is known of what was meant. */
function plainFix({path, via, role}: Step, missing: NonNullable<ReturnType<typeof notThere>>): string {
  if (role === 'setup') {
    return missing.kind === 'missing' && missing.errno === 'ENOTDIR'
      ? `Name a directory: ${missing.at} is a file, and the engine cannot make ${path} in it.`
      : `Make ${path} in the image (RUN mkdir -p ${path}), or name a directory that exists.`
  }
  if (missing.kind === 'not-in-path') {
    return missing.passed.length > 0 && missing.passed.every(({reason}) => reason === 'no-execute-permission')
      ? `Give it execute permission: RUN chmod 0755 ${missing.passed[0]?.path}.`
      : `Install the package that brings ${path}, add its directory to PATH, or correct what names it (${via}).`
  }
  const removed = keepInPlace(missing)
  if (removed !== undefined) return removed
  return missing.errno === 'ELOOP'
    ? `Point the symbolic link ${missing.at} at a file.`
    : `Copy ${path} into the image for this platform, too, or correct what names it (${via}).`
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
