import {type Caller, type Handover, passOn} from './handover.ts'

/**
 * dotenvx, dotenv-cli, Python's dotenv and varlock: `run -- PROGRAM`; what they do without `--` is not followed. Files
 * give variables that the environment lacks, unless an option has them come first, as Python's dotenv always has.
 * Measured with dotenvx 2.38, dotenv-cli 11.0 and varlock 1.20.
 */
export async function behindDashes(caller: Caller): Promise<readonly Handover[]> {
  const {process, name} = caller
  const dashes = process.argv.indexOf('--')
  const program = dashes < 0 ? [] : process.argv.slice(dashes + 1)
  if (program.length === 0) return []
  const own = process.argv.slice(1, dashes)
  const comesFirst = own.some(word => /^(?:-o|--override|--overload)$|(?:^|=)PATH=/.test(word))
  if (comesFirst || (name === 'dotenv' && (await setsPath(caller, own)))) {
    return [{kind: 'unknown', reason: `${name} may change PATH by what its files hold`}]
  }
  return passOn(caller, program)
}

/** `dotenv [-f FILE] run -- PROGRAM` of Python. */
async function setsPath({process, readText}: Caller, own: readonly string[]): Promise<boolean> {
  if (!own.includes('run')) return false
  if (own.some(word => /^(?:-f|--file)/.test(word))) return true
  return /^\s*(?:export\s+)?PATH\s*=/m.test((await readText(`${process.cwd}/.env`)) ?? '')
}
