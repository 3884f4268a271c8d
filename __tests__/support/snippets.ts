import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {parse} from 'yaml'

const ROOT = join(import.meta.dirname, '..', '..')

/** The blocks of code of one language in a page of the documentation, their indentation taken away. */
export function documented(page: string, language: string): string[] {
  const text = readFileSync(join(ROOT, page), 'utf8')
  return Array.from(text.matchAll(/^( *)```(\w+)\n(.*?)^\1```$/gms), ([, indent = '', name, code = '']) => ({
    name,
    code: code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  })).flatMap(({name, code}) => (name === language ? [code] : []))
}

/** A step of a workflow, as far as it runs something. */
export interface RunStep {
  readonly env?: Readonly<Record<string, string>>
  readonly run: string
}

/** All steps that run something, of a workflow or of a list of steps, wherever they stand in it. */
export function runSteps(yaml: string): RunStep[] {
  return stepsIn(parse(yaml))
}

function stepsIn(value: unknown): RunStep[] {
  if (Array.isArray(value)) return value.flatMap(stepsIn)
  if (typeof value !== 'object' || value === null) return []
  return isRunStep(value) ? [value] : Object.values(value).flatMap(stepsIn)
}

function isRunStep(value: object): value is RunStep {
  return 'run' in value && typeof value.run === 'string'
}
