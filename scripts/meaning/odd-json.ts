import type {Random} from '../kernel/random.ts'

/** A field of a document: its JSON as a builder writes it, and others that mean something else, or nothing. */
export interface OddField {
  readonly name: string
  readonly good: string
  readonly others?: readonly string[]
  /** Left out of most documents. */
  readonly isRare?: boolean
  /** Always there, with one of its values: an engine of today does not survive the request without it. */
  readonly isNeeded?: boolean
}

/** What JSON parsers, and Go's types, take differently. */
const STRANGE = ['null', '""', '[]', '{}', '0', '1', '-1', '1.0', '1e2', 'true', '"x"', '[null]', '["x"]', '{"x":null}']

/** A JSON object of these fields, of which `oddities` are not as a builder writes them; `told` takes what was done. */
export function oddObject(random: Random, fields: readonly OddField[], oddities: number, told: string[]): string {
  const members = fields.flatMap(({name, good, isRare}) => (isRare && !random.oneIn(4) ? [] : [{name, text: good}]))
  for (let done = 0; done < oddities; done++) {
    const field = random.pick(fields)
    const at = members.findIndex(({name}) => name === field.name)
    const {others = [], good, isNeeded = false} = field
    const value = random.pick([...others, ...others, good, ...(isNeeded ? [] : STRANGE)])
    const kinds = ['value', 'value', 'again', 'again', 'before', 'case', ...(isNeeded ? [] : ['drop'])] as const
    const kind = random.pick(kinds)
    told.push(`${field.name} ${kind} ${value.slice(0, 40)}`)
    if (kind === 'drop') members.splice(at, at < 0 ? 0 : 1)
    else if (kind === 'case') members.push({name: otherCase(random, field.name), text: value})
    else if (kind === 'again') members.push({name: field.name, text: value})
    else if (kind === 'before') members.unshift({name: otherCase(random, field.name), text: value})
    else if (at >= 0) members[at] = {name: field.name, text: value}
    else members.push({name: field.name, text: value})
  }
  return `{${members.map(({name, text}) => `${JSON.stringify(name)}:${text}`).join(',')}}`
}

/** Another letter case, or an escape; now and then the name itself. */
function otherCase(random: Random, name: string): string {
  switch (random.below(5)) {
    case 0:
      return name.toUpperCase()
    case 1:
      return name.toLowerCase()
    case 2:
      return name.slice(0, 1).toUpperCase() + name.slice(1)
    case 3:
      return name.replace(/s/i, 'ſ')
    default:
      return [...name].map(letter => (random.oneIn(2) ? letter.toUpperCase() : letter)).join('')
  }
}
