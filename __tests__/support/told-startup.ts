import {createHash} from 'node:crypto'
import {existsSync, globSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {basename, join} from 'node:path'
import {expect} from '@jest/globals'
import {readStartup as read, type Startup, type Step} from '../../src/exec/index.ts'
import type {Process} from '../../src/exec/resolved-path.ts'
import type {StartupInput} from '../../src/exec/startup.ts'
import {treeOf} from './memory-rootfs.ts'
import {type ScriptStart, scriptInput} from './script-start.ts'

/*
 * `readStartup`, held to all that it says: a test looks at what it is about, and __tests__/exec/golden has the rest of
 * the same walk, word for word: why each step is taken, by which service, as whom, where, with which variables, and
 * what is not known. UPDATE_GOLDEN=1 writes the file of each test file that is run; read it before you commit it.
 */

const GOLDEN = join(import.meta.dirname, '..', 'exec', 'golden')
const LONGEST_LINE = 500
const MOST_LINES = 40
const HEAD = /^## (.*) \[([0-9a-f]{12})\]\n/

/** What was told of the walks of this file of tests, by what was walked. */
const written = new Map<string, string>()
let known: ReadonlyMap<string, string> | undefined

export async function readStartup(input: StartupInput): Promise<Startup> {
  const processes: [string, Process][] = []
  const startup = await read({
    ...input,
    onStart: (path, process) => {
      processes.push([path, process])
      input.onStart?.(path, process)
    },
  })
  const key = keyOf(input)
  const told = tell(startup, processes)
  if (process.env.UPDATE_GOLDEN === '1') write(key, told)
  else {
    known ??= readGolden()
    expect(told.trimEnd()).toBe(known.get(key) ?? `a walk that no golden file has (${key}): run with UPDATE_GOLDEN=1`)
  }
  return startup
}

/** `startScript`, held to the same. */
export function startScript(text: string, options: ScriptStart = {}): Promise<Startup> {
  return readStartup(scriptInput(text, options))
}

/** All that a walk depends on. */
function keyOf({config, platform, limits, rootfs}: StartupInput): string {
  const hash = createHash('sha256')
  hash.update(JSON.stringify([config, platform, limits]))
  for (const [path, entry] of Object.entries(treeOf(rootfs)).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const {content, ...rest} = typeof entry === 'object' && 'content' in entry ? entry : {content: entry}
    const isBytes = typeof content === 'string' || content instanceof Uint8Array
    hash.update(`\0${path}\0${JSON.stringify([rest, isBytes ? '' : content])}\0`)
    if (isBytes) hash.update(content)
  }
  return hash.digest('hex').slice(0, 12)
}

function tell({steps, unknowns}: Startup, processes: readonly (readonly [string, Process])[]): string {
  const [first] = processes
  const processLines = processes.slice(1).map(([path, process]) => tellProcess(path, process, first?.[1]))
  const lines = [
    ...steps.map(tellStep),
    ...unknowns.map(({from = '-', reason}) => `unknown after ${from}: ${reason}`),
    ...new Set(processLines.filter(line => line !== '')),
  ].map(escaped)
  // Tests at limits make a thousand lines, or lines of a megabyte.
  const more = lines.slice(MOST_LINES)
  const rest = more.length === 0 ? [] : [`… ${more.length} more lines, ${digest(more.join('\n'))}`]
  return [...lines.slice(0, MOST_LINES).map(shorten), ...rest].map(line => `${line}\n`).join('')
}

/** Each on its line, whatever words and variables hold. */
function escaped(line: string): string {
  return line.replace(/\p{Cc}/gu, character => JSON.stringify(character).slice(1, -1))
}

function shorten(line: string): string {
  return line.length <= LONGEST_LINE ? line : `${line.slice(0, LONGEST_LINE)}… ${digest(line)}`
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}

function tellStep(step: Step, at: number): string {
  const {
    path,
    via,
    role,
    certainty,
    service,
    from,
    argv = [path],
    hops,
    node,
    verdict,
    obstacle,
    maybe,
    accepted,
  } = step
  return [
    `${at}${from === undefined ? '' : ` < ${from}`}: ${path}`,
    via,
    ...(role === 'program' ? [] : [role]),
    ...(argv.length === 1 && argv[0] === path ? [] : [JSON.stringify(argv)]),
    ...(certainty === 'certain' ? [] : [certainty]),
    ...(accepted ? ['may fail'] : []),
    ...(service ? [`${service.name} of ${service.of}`] : []),
    ...hops.map(({path, target, isCopy}) => `${path} ${isCopy ? 'copies' : '->'} ${target}`),
    ...(node === undefined || node.path === path || hops.length > 0 ? [] : [`the file ${node.path}`]),
    ...(verdict === undefined || verdict.fit === 'native' ? [] : [verdict.fit]),
    ...(obstacle ? [JSON.stringify(obstacle)] : []),
    ...(maybe ? [`${maybe.grade}, maybe, by ${maybe.by.kind} ${maybe.by.name}`] : []),
  ].join(' | ')
}

/** What a process has otherwise than the first one; empty where nothing is. */
function tellProcess(
  path: string,
  // Whether its words are all tells no other answer than that a program is lacking, which is a step.
  {argv, cwd, env, user, ending: _, ...rest}: Process,
  first: Process | undefined,
): string {
  const before = first?.env ?? new Map<string, string>()
  const differences = [
    ...(cwd === first?.cwd ? [] : [`in ${cwd}`]),
    ...(tellUser(user) === tellUser(first?.user) ? [] : [`as ${tellUser(user)}`]),
    ...[...env].filter(([name, value]) => before.get(name) !== value).map(([name, value]) => `${name}=${value}`),
    ...[...before.keys()].filter(name => !env.has(name)).map(name => `no ${name}`),
    ...Object.entries(rest).flatMap(([name, value]) =>
      value === undefined || value === false
        ? []
        : [`${name} ${JSON.stringify(value instanceof Set ? [...value] : value)}`],
    ),
  ]
  return differences.length === 0 ? '' : `process ${JSON.stringify([path, ...argv.slice(1)])} ${differences.join('; ')}`
}

function tellUser(user: Process['user'] | undefined): string {
  return user === undefined ? '' : [user.uid, user.gid, ...user.groups].join(':')
}

function readGolden(): ReadonlyMap<string, string> {
  const walks = globSync('*.txt', {cwd: GOLDEN}).flatMap(name =>
    readFileSync(join(GOLDEN, name), 'utf8')
      .split(/\n(?=## )/)
      .flatMap(block => {
        const head = HEAD.exec(block)
        return head ? [[head[2] ?? '', block.slice(head[0].length).trimEnd()] as const] : []
      }),
  )
  return new Map(walks)
}

/** Keeps what a walk says in the golden file of the file of tests that is run, in their order. */
function write(key: string, told: string): void {
  const {testPath = 'unknown', currentTestName = ''} = expect.getState()
  // Two tests may make the same walk.
  if (!written.has(key)) written.set(key, `## ${escaped(currentTestName)} [${key}]\n${told}`)
  if (!existsSync(GOLDEN)) mkdirSync(GOLDEN)
  writeFileSync(join(GOLDEN, `${basename(testPath, '.test.ts')}.txt`), [...written.values()].join('\n'))
}
