import {inspect} from 'node:util'
import {allowance, type FuzzTarget} from './target.ts'

export const FINDING_KINDS = ['threw', 'slow', 'changeable', 'hung', 'died'] as const

/** What is wrong with an input. */
export interface Finding {
  readonly kind: (typeof FINDING_KINDS)[number]
  /** What findings of one cause have in common. */
  readonly key: string
  readonly message: string
}

/** Reads an input once, and says what is wrong. */
export async function attempt(target: FuzzTarget, input: Uint8Array): Promise<Finding | undefined> {
  const start = performance.now()
  const answer = await ask(target, input)
  if (performance.now() - start > allowance(target, input.length)) {
    const slow = await findSlow(target, input)
    if (slow) return slow
  }
  return answer.finding
}

/** Reads it twice more, and compares the answers: nothing may stay behind from one input to the next. */
export async function attemptTwice(target: FuzzTarget, input: Uint8Array): Promise<Finding | undefined> {
  const [first, second] = [await ask(target, input), await ask(target, input)]
  const [one, other] = [first, second].map(({answer, finding}) => finding?.key ?? shown(answer))
  if (one === other) return undefined
  return {kind: 'changeable', key: 'changeable', message: `two answers for one input: ${one}, then ${other}`}
}

/** The processor's time, for on a loaded machine all takes longer; the shortest of three. */
async function findSlow(target: FuzzTarget, input: Uint8Array): Promise<Finding | undefined> {
  let shortest = Number.POSITIVE_INFINITY
  for (let round = 0; round < 3; round++) {
    const before = process.threadCpuUsage()
    await ask(target, input)
    const {user, system} = process.threadCpuUsage(before)
    shortest = Math.min(shortest, (user + system) / 1000)
  }
  const most = allowance(target, input.length)
  if (shortest <= most) return undefined
  const message = `${Math.round(shortest)} ms for ${input.length} bytes, more than ${most} ms`
  return {kind: 'slow', key: 'slow', message}
}

interface Answer {
  readonly answer: unknown
  readonly finding: Finding | undefined
}

async function ask(target: FuzzTarget, input: Uint8Array): Promise<Answer> {
  try {
    return {answer: await target.run(Uint8Array.from(input)), finding: undefined}
  } catch (thrown) {
    return {answer: undefined, finding: thrownFinding(thrown)}
  }
}

function thrownFinding(thrown: unknown): Finding {
  const stack = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
  const [first = '', ...frames] = stack.split('\n')
  const where = frames.find(frame => /^\s+at /.test(frame) && !/\bholds\b/.test(frame))?.replace(/[:\d]+\)?$/, '') ?? ''
  return {kind: 'threw', key: `${first.replaceAll(/[\d"'].*/g, '')}${where}`, message: stack}
}

function shown(answer: unknown): string {
  return inspect(answer, {depth: 20, maxArrayLength: 2000, maxStringLength: 20_000, sorted: false})
}
