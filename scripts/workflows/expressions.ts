import {data, Evaluator, Lexer, Parser} from '@actions/expressions'

/** The contexts of a workflow's expressions, by name: plain JSON data. */
export type Contexts = Readonly<Record<string, unknown>>

/** How the steps of a job went so far: what the status functions ask. */
export interface Status {
  readonly failed: boolean
}

const STATUS_FUNCTIONS = ['success', 'failure', 'always', 'cancelled'] as const

/** Evaluates an expression, without its `${{ }}`, by GitHub's own evaluator. Throws where it makes no sense. */
export function evaluate(expression: string, contexts: Contexts, {failed}: Status = {failed: false}): unknown {
  const answers = {success: !failed, failure: failed, always: true, cancelled: false}
  const functions = STATUS_FUNCTIONS.map(name => ({
    ...{name, minArgs: 0, maxArgs: 0},
    call: () => new data.BooleanData(answers[name]),
  }))
  const {tokens} = new Lexer(expression).lex()
  const parsed = new Parser(tokens, Object.keys(contexts), functions).parse()
  const context = JSON.parse(JSON.stringify(contexts), data.reviver)
  const value = new Evaluator(parsed, context, new Map(functions.map(one => [one.name, one]))).evaluate()
  return JSON.parse(JSON.stringify(value, data.replacer))
}

/** A text with its expressions replaced by what they are, as the runner writes them. */
export function fill(text: string, contexts: Contexts): string {
  return text.replaceAll(/\$\{\{(.*?)\}\}/gs, (_, expression: string) => textOf(evaluate(expression, contexts)))
}

/** Whether a step or a job is run: `success()` is asked where the condition asks for no status by itself. */
export function holds(condition: string | boolean | undefined, contexts: Contexts, status: Status): boolean {
  const written = String(condition ?? 'success()')
  const expression = /^\s*\$\{\{(.*)\}\}\s*$/s.exec(written)?.[1] ?? written
  const asksStatus = STATUS_FUNCTIONS.some(name => new RegExp(`\\b${name}\\s*\\(`).test(expression))
  if (!asksStatus && status.failed) return false
  const value = evaluate(expression, contexts, status)
  return value !== false && value !== null && value !== '' && value !== 0
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value, null, 2) : String(value)
}
