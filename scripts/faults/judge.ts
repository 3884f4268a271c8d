import {type ProgramEnd, parseRunnerFile} from './program-run.ts'
import type {Outcome} from './registry-kinds.ts'
import {type Secret, secretsIn} from './secrets.ts'

/** What is said of a run that ended as it may: nothing. */
export type Complaint = string

/** What a run is held to. */
export interface Expectation {
  readonly outcomes: readonly Outcome[]
  readonly secrets: readonly Secret[]
  /** What has to be masked. */
  readonly given: readonly Secret[]
}

const COULD_NOT_CHECK = 3
const LATE = 'no end after '

/** Whether what is wrong is that a run took too long. */
export function isLate(complaint: Complaint): boolean {
  return complaint.startsWith(LATE)
}

/** All that is wrong with how a run ended. */
export function judge(end: ProgramEnd, expected: Expectation): Complaint[] {
  if (!end.inTime) return [`${LATE}${Math.round(end.milliseconds)} ms`]
  const outcome = outcomeOf(end)
  return [
    ...(outcome === undefined || !expected.outcomes.includes(outcome)
      ? [`ended as ${outcome ?? `exit code ${end.exitCode}`}, expected ${expected.outcomes.join(' or ')}`]
      : []),
    ...judgeVerified(end, outcome),
    ...(outcome === 'could-not-check' ? judgeMessage(end) : []),
    ...judgeLeft(end),
    ...judgeSecrets(end, expected),
  ]
}

/** How a run ended; undefined for an end that is never right. */
export function outcomeOf({door, exitCode, files, stdout}: ProgramEnd): Outcome | undefined {
  const report = [...files].find(([path]) => path.endsWith('report.json'))?.[1]
  if (exitCode === 0) return report === undefined ? undefined : 'verified'
  if (door === 'command' && exitCode === COULD_NOT_CHECK) return report === undefined ? 'could-not-check' : undefined
  if (exitCode !== 1) return undefined
  if (door === 'action' && /^::error::Could not check: /m.test(stdout)) return 'could-not-check'
  if (report === undefined) return undefined
  return report.includes('"platform-unreadable"') ? 'unreadable' : 'findings'
}

/** The action says `verified=true` after a check that passed, and else never. */
function judgeVerified({door, files}: ProgramEnd, outcome: Outcome | undefined): Complaint[] {
  if (door === 'command') return []
  const outputs = parseRunnerFile(files.get('output') ?? '')
  const isVerified = outcome === 'verified'
  // Where nothing can be written there, nothing stands there either.
  const {verified = 'false', images = ''} = Object.fromEntries(outputs)
  if (verified !== String(isVerified)) return [`verified is ${verified}`]
  return (images !== '') === isVerified ? [] : [`images is ${images}`]
}

/** One message that says what, where and why, and one hint. */
function judgeMessage({door, stdout, stderr}: ProgramEnd): Complaint[] {
  const lines = door === 'command' ? errorLines(stderr) : actionErrorLines(stdout)
  if (lines === undefined) return ['there is not exactly one error message']
  const [message = '', hint = '', ...more] = lines
  return [
    ...(/\b(?:127\.0\.0\.1|localhost|docker|sha256:|GITHUB_)|\/dev\/|report\.json|standard output|\/temp\b/.test(
      message,
    )
      ? []
      : [`the message names no place: ${message}`]),
    ...(/bug|undefined|\[object|NaN| at .*:\d+:\d+/.test(message) ? [`the message is not for users: ${message}`] : []),
    ...(message.length > 1000 ? [`the message has ${message.length} characters`] : []),
    ...(/^[A-Z].*\.$/.test(hint) ? [] : [`no hint: ${message}`]),
    ...(more.length > 0 ? [`more than a message and a hint: ${more.join(' / ')}`] : []),
  ]
}

/** The last message with its hint; what comes before on standard error are warnings and progress, each on its line. */
function errorLines(stderr: string): string[] | undefined {
  const lines = stderr.split('\n').filter(line => line !== '')
  const start = lines.findLastIndex(line => line.startsWith('verify-image-arch: '))
  return start < 0 ? undefined : lines.slice(start)
}

function actionErrorLines(stdout: string): string[] | undefined {
  const errors = stdout.split('\n').filter(line => line.startsWith('::error::'))
  const [error, ...others] = errors
  return error === undefined || others.length > 0 ? undefined : error.slice('::error::'.length).split('%0A')
}

/** Nothing stays in the temporary folder but reports, and in the cache nothing but whole entries. */
export function judgeLeft({files}: ProgramEnd): Complaint[] {
  const isExpected = (path: string): boolean =>
    /^(?:temp|cache)\/filler$/.test(path) ||
    /^temp\/verify-image-arch-[A-Za-z0-9]+\/(?:report\.(?:json|sarif)|predicate(?:-\d+)?\.json)$/.test(path) ||
    /^cache\/verify-image-arch\/(?:sha256|image)-[0-9a-f]{64}$/.test(path) ||
    /^cache\/verify-image-arch-layers\/1\.0\.0\/(?:sha256|image)-[0-9a-f]{64}(?:\.complete|\/layer)$/.test(path)
  const left = [...files.keys()].filter(path => /^(?:temp|cache)\//.test(path) && !isExpected(path))
  return left.map(path => `${path} is left`)
}

/** No secret stands in anything that was written, but for the commands that have the runner hide it. */
function judgeSecrets({door, stdout, stderr, files}: ProgramEnd, {secrets, given}: Expectation): Complaint[] {
  const masks = [...stdout.matchAll(/^::add-mask::(.*)$/gm)].map(([, text = '']) => text.replaceAll('%25', '%'))
  const shown = stdout.replace(/^::add-mask::.*$/gm, '')
  const texts = [['standard output', shown] as const, ['standard error', stderr] as const, ...files]
  const told = texts
    .filter(([name]) => name !== 'docker/config.json')
    .flatMap(([name, text]) => secretsIn(text, secrets).map(what => `${what} stands in ${name}`))
  const unmasked = door === 'action' ? given.filter(({text}) => !masks.includes(text)) : []
  return [...told, ...unmasked.map(({name}) => `${name} is not masked`)]
}
