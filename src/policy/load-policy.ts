import {messageOf, UsageError} from '../errors.ts'
import type {Policy} from './policy.ts'

/** The name that a policy file usually has. It is read only where it is named: see docs/policy.md. */
export const USUAL_POLICY_FILE = '.verify-image-arch.yml'

/** What is needed to read a policy file. */
export interface PolicySource {
  /** As the user named it. */
  readonly file: string
  /** What the door calls it: `policy`, `--policy`. */
  readonly spoken: string
  /** `YYYY-MM-DD` in UTC. */
  readonly today: string
  read(file: string): Promise<string>
}

/** Reads a policy file. Throws a UsageError that has all that is wrong in it, each with its line and column. */
export async function loadPolicy({file, spoken, today, read}: PolicySource): Promise<Policy> {
  let text: string
  try {
    text = await read(file)
  } catch (thrown) {
    throw new UsageError(`${spoken}: ${file} cannot be read: ${messageOf(thrown)}`, {cause: thrown})
  }
  // Only a run with a policy needs a reader of YAML.
  const {parsePolicy} = await import('./parse-policy.ts')
  const policy = parsePolicy(text, {file, today})
  if (policy.ok) return policy.value
  const problems = policy.problem.split('\n').map(problem => `${spoken}: ${file}:${problem}`)
  throw new UsageError(problems.join('\n'), {hint: 'The keys and values are in docs/policy.md.'})
}
