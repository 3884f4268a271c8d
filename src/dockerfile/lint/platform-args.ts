import type {ArgInstruction, Dockerfile, Instruction} from '../model.ts'
import type {ResolvedStage} from '../resolve.ts'
import {scriptOf} from '../script.ts'
import {builderValues, lineOf, type PlatformBuild, type Sighting} from './context.ts'
import {rewritten} from './edit.ts'

const TARGET_ARGS = ['TARGETPLATFORM', 'TARGETOS', 'TARGETARCH', 'TARGETVARIANT']

/**
 * `ARG TARGETARCH=amd64`: the default takes the builder's own value away, before the first FROM for all the file, in a
 * stage for what follows. The same value as the builder's does no harm (`ARG TARGETOS=linux`), nor does a default that
 * is made of it (`ARG TARGETARCH=${TARGETARCH:-amd64}` before the first FROM).
 */
export function* findPlatformArgDefaults(build: PlatformBuild): Generator<Sighting> {
  const {resolved, reachable} = build
  const {dockerfile} = resolved
  const builders = builderValues(build)
  const isBelow = (stage: ResolvedStage, other: ResolvedStage): boolean =>
    lineOf(other, resolved.stages).includes(stage)
  for (const arg of resolved.dockerfile.args) {
    for (const name of TARGET_ARGS) {
      const isLast = resolved.dockerfile.args.findLast(other => setsDefault(other, name)) === arg
      if (!isLast) continue
      const value = resolved.global.get(name)?.text ?? ''
      const users = reachable.filter(stage => usesGlobal(stage, name))
      if (value !== builders.get(name) && users.length > 0) {
        yield sighting({
          arg,
          name,
          value,
          expected: builders.get(name) ?? '',
          stage: undefined,
          isSeen: true,
          dockerfile,
        })
      }
    }
  }
  for (const stage of reachable) {
    for (const [index, {instruction}] of stage.instructions.entries()) {
      if (instruction.kind !== 'arg') continue
      for (const name of TARGET_ARGS) {
        if (!setsDefault(instruction, name)) continue
        const value = (stage.instructions[index + 1]?.scope ?? stage.scope).get(name)?.text ?? ''
        if (value === builders.get(name)) continue
        const rest = stage.instructions.slice(index + 1)
        // Asked for again without a default, the builder's value is back.
        const back = rest.findIndex(step => step.instruction.kind === 'arg' && asksFor(step.instruction, name))
        const inherited = back < 0 ? reachable.filter(other => other !== stage && isBelow(stage, other)) : []
        const after = [
          ...(back < 0 ? rest : rest.slice(0, back)),
          ...inherited.flatMap(({instructions}) => instructions),
        ].map(step => step.instruction)
        const isSeen = after.some(step => names(step, name))
        // A program that RUN starts sees the variable too.
        if (!isSeen && !after.some(({kind}) => kind === 'run')) continue
        yield sighting({
          arg: instruction,
          name,
          value,
          expected: builders.get(name) ?? '',
          stage: stage.stage.index,
          isSeen,
          dockerfile,
        })
      }
    }
  }
}

function sighting({
  arg,
  name,
  value,
  expected,
  stage,
  isSeen,
  dockerfile,
}: {
  readonly arg: ArgInstruction
  readonly name: string
  readonly value: string
  readonly expected: string
  readonly stage: number | undefined
  readonly isSeen: boolean
  readonly dockerfile: Dockerfile
}): Sighting {
  const written = arg.variables.find(variable => variable.name === name)?.value ?? ''
  return {
    rule: 'platform-arg-default',
    level: isSeen ? 'error' : 'warning',
    stage,
    line: arg.line,
    endLine: arg.endLine,
    message: `ARG ${name}=${written} overrides the value that the builder sets: ${name} is ${quoted(value)} where ${quoted(expected)} is built`,
    ...rewritten(dockerfile, arg, withoutDefaults(arg)),
  }
}

/** The instruction as it is written, without defaults of the builder's own variables. */
function withoutDefaults({variables}: ArgInstruction): string {
  const words = variables.map(({name, value}) =>
    TARGET_ARGS.includes(name) || value === undefined ? name : `${name}=${value}`,
  )
  return `ARG ${words.join(' ')}`
}

function quoted(value: string): string {
  return value === '' ? 'empty' : value
}

function asksFor(arg: ArgInstruction, name: string): boolean {
  return arg.variables.some(variable => variable.name === name && variable.value === undefined)
}

function setsDefault(arg: ArgInstruction, name: string): boolean {
  return arg.variables.some(variable => variable.name === name && variable.value !== undefined)
}

/** Whether a stage takes the value of before the first FROM: in its FROM, or by an ARG without a default. */
function usesGlobal(stage: ResolvedStage, name: string): boolean {
  if (names(stage.stage.from, name)) return true
  return stage.instructions.some(({instruction}) => instruction.kind === 'arg' && asksFor(instruction, name))
}

/** Whether an instruction names the variable: `$TARGETARCH`, `${TARGETARCH:-…}`, or any word of a RUN. */
function names(instruction: Instruction, name: string): boolean {
  if (instruction.kind === 'arg') {
    return instruction.variables.some(({value}) => value !== undefined && new RegExp(`\\$\\{?${name}\\b`).test(value))
  }
  const text = instruction.kind === 'run' ? scriptOf(instruction).text : instruction.text
  return new RegExp(instruction.kind === 'run' ? `\\b${name}\\b` : `\\$\\{?${name}\\b`).test(text)
}
