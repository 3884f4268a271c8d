import type {Wrapper} from '../../src/exec/wrappers/wrapper.ts'
import {WRAPPERS} from '../../src/exec/wrappers/wrappers.ts'

/** The programs of src/exec/wrappers/wrappers.ts as docs/execve.md shows them. */
export function wrapperTable(): string {
  const rows = WRAPPERS.map(wrapper => `| ${names(wrapper)} | ${ownWords(wrapper)} | ${handsOver(wrapper)} |`)
  return ['| program | its own words | what it starts |', '| --- | --- | --- |', ...rows].join('\n')
}

function names(wrapper: Wrapper): string {
  return wrapper.names.map(name => `\`${name}\``).join(', ')
}

function ownWords({opaque, afterDashes, short, long, operands = 0, user, plain, permutes}: Wrapper): string {
  if (opaque !== undefined) return ''
  if (afterDashes) return 'all up to `--`'
  const hasOptions = !plain && ((short ?? '') !== '' || (long ?? []).length > 0)
  const own = user === undefined ? [`${operands} operand${operands === 1 ? '' : 's'}`] : ['a user']
  const options = permutes ? 'options, also behind the program up to `--`' : 'options'
  return [...(hasOptions ? [options] : []), ...(operands > 0 ? own : [])].join(', ') || 'none'
}

function handsOver(wrapper: Wrapper): string {
  const {opaque, search, refusesText, setsHome, user, userOptions} = wrapper
  if (opaque !== undefined) return `not followed: ${opaque}`
  const how = search === 'go' ? "the next word, looked up as Go's `exec.LookPath` does" : 'the next word, by `execvp`'
  const who = user === undefined && userOptions === undefined ? '' : `, as that user${setsHome ? ' with its HOME' : ''}`
  return `${how}${refusesText ? ' but no text without `#!`' : ''}${who}${asFirst(wrapper)}`
}

function asFirst({failsFirst, forksFirst}: Wrapper): string {
  if (forksFirst) return `; as the first process it ends the container, without \`--${forksFirst.at(-1)}\``
  if (!failsFirst) return ''
  const {name, from, before} = failsFirst
  return `; as the first process nothing, from ${name} ${from.join('.')} to before ${before.join('.')}`
}
