import type {Doubtful} from '../../../image/rootfs.ts'
import {check} from '../../budget.ts'
import {joinPath} from '../../resolved-path.ts'
import {textOf} from '../../world/text.ts'
import type {Place, WorldView} from '../../world/view.ts'

/** One directory of a source of s6-rc: https://skarnet.org/software/s6-rc/s6-rc-compile.html */
export type S6RcDefinition =
  | {readonly kind: 'bundle'; readonly name: string; readonly contents: readonly string[]}
  | (Common & {readonly kind: 'oneshot'})
  | (Common & {
      readonly kind: 'longrun'
      readonly producerFor?: string
      readonly consumerFor: readonly string[]
      readonly pipelineName?: string
    })

interface Common {
  readonly name: string
  readonly directory: string
  readonly dependencies: readonly string[]
}

/** What s6-rc-compile reads. */
export interface S6RcSources {
  readonly definitions: ReadonlyMap<string, S6RcDefinition>
  /** Why it refuses them. */
  readonly problem?: string
  /** What may have made other definitions. */
  readonly maybe?: Doubtful
}

/** A source directory, and names that are bundles there, of what they hold, also where their files do not say so. */
export interface S6RcSource {
  readonly directory: string
  readonly bundles?: readonly string[]
}

/** s6-rc-compile ends with an error. */
class Refusal extends Error {}

interface Reader {
  readonly view: WorldView
  maybe: Doubtful | undefined
}

/** Reads source directories as s6-rc-compile of s6-rc 0.5 does. */
export async function readS6RcSources(view: WorldView, sources: readonly S6RcSource[]): Promise<S6RcSources> {
  const reader: Reader = {view, maybe: undefined}
  const definitions = new Map<string, S6RcDefinition>()
  let problem: string | undefined
  try {
    for (const source of sources) {
      for (const definition of await readSource(reader, source)) {
        const {name} = definition
        if (definitions.has(name)) throw new Refusal(`the service ${name} is defined twice`)
        definitions.set(name, definition)
        check('services', definitions.size)
      }
    }
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown
    problem = thrown.message
  }
  const {maybe} = reader
  return {definitions, ...(problem === undefined ? {} : {problem}), ...(maybe === undefined ? {} : {maybe})}
}

async function readSource(reader: Reader, {directory, bundles = []}: S6RcSource): Promise<readonly S6RcDefinition[]> {
  const names = await list(reader, directory)
  if (!names) throw new Refusal(`${directory} is not a directory`)
  check('services', names.length)
  const definitions: S6RcDefinition[] = []
  for (const name of new Set([...names, ...bundles])) {
    if (/^s6-?rc-/.test(name)) throw new Refusal(`the name ${name} in ${directory} is reserved`)
    const path = joinPath(directory, name)
    if (bundles.includes(name)) {
      definitions.push({kind: 'bundle', name, contents: (await readNames(reader, path, 'contents')) ?? []})
      continue
    }
    const {node} = await look(reader, path)
    if (!node) throw new Refusal(`${path} is a dangling symlink`)
    if (node.kind === 'directory') definitions.push(await readDefinition(reader, path, name))
  }
  return definitions
}

async function readDefinition(reader: Reader, directory: string, name: string): Promise<S6RcDefinition> {
  // Eight bytes are read, and one newline is taken off.
  const type = (await readText(reader, joinPath(directory, 'type')))?.slice(0, 8).replace(/\n$/, '')
  if (type === undefined) throw new Refusal(`${directory}/type cannot be read`)
  switch (type) {
    case 'bundle': {
      const contents = await readNames(reader, directory, 'contents')
      if (!contents) throw new Refusal(`the bundle ${name} has no contents.d`)
      return {kind: 'bundle', name, contents}
    }
    case 'oneshot': {
      if ((await look(reader, joinPath(directory, 'up'))).node?.kind !== 'file') {
        throw new Refusal(`the oneshot ${name} has no file up`)
      }
      return {kind: 'oneshot', ...(await readCommon(reader, directory, name))}
    }
    case 'longrun':
      return readLongrun(reader, directory, name)
    default:
      throw new Refusal(`${directory}/type is ${JSON.stringify(type)}, not oneshot, longrun or bundle`)
  }
}

async function readLongrun(reader: Reader, directory: string, name: string): Promise<S6RcDefinition> {
  if ((await look(reader, joinPath(directory, 'run'))).node?.kind !== 'file') {
    throw new Refusal(`the longrun ${name} has no file run`)
  }
  const producerFor = await readLines(reader, joinPath(directory, 'producer-for'))
  if (producerFor && producerFor.length !== 1) throw new Refusal(`${directory}/producer-for does not hold one name`)
  const consumerFor = (await readLines(reader, joinPath(directory, 'consumer-for'))) ?? []
  const isEnd = consumerFor.length > 0 && !producerFor
  const [pipelineName] = (isEnd && (await readLines(reader, joinPath(directory, 'pipeline-name')))) || []
  const common = await readCommon(reader, directory, name)
  const [consumer] = producerFor ?? []
  return {
    kind: 'longrun',
    ...common,
    // A producer is not started without its consumer.
    dependencies: [...common.dependencies, ...(consumer === undefined ? [] : [consumer])],
    consumerFor,
    ...(consumer === undefined ? {} : {producerFor: consumer}),
    ...(pipelineName === undefined ? {} : {pipelineName}),
  }
}

async function readCommon(reader: Reader, directory: string, name: string): Promise<Common> {
  return {name, directory, dependencies: (await readNames(reader, directory, 'dependencies')) ?? []}
}

/** The names of files in `LIST.d`, or else the lines of `LIST`. */
async function readNames(reader: Reader, directory: string, of: string): Promise<readonly string[] | undefined> {
  return (await list(reader, joinPath(directory, `${of}.d`))) ?? readLines(reader, joinPath(directory, of))
}

async function readLines(reader: Reader, path: string): Promise<readonly string[] | undefined> {
  const text = await readText(reader, path)
  const lines = text?.split('\n').map(line => line.replace(/^[ \t]+/, ''))
  return lines && [...new Set(lines.filter(line => line !== '' && !line.startsWith('#')))]
}

async function list(reader: Reader, path: string): Promise<readonly string[] | undefined> {
  const listing = await reader.view.directory(path)
  reader.maybe ??= listing?.maybe
  return listing?.names.filter(name => !name.startsWith('.'))
}

async function look(reader: Reader, path: string): Promise<Place> {
  const place = await reader.view.place(path)
  reader.maybe ??= place.maybe
  return place
}

async function readText(reader: Reader, path: string): Promise<string | undefined> {
  const place = await look(reader, path)
  const text = await textOf(reader.view, place)
  if (text === undefined && place.node?.kind === 'file') {
    reader.maybe ??= {by: {kind: 'command', name: `what has written ${path}`}, grade: 'replaced'}
  }
  return text
}
