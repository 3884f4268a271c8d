import {type Caller, type Handover, passOn} from './handover.ts'

/** Not anchored: the name ends at the first equals sign, and what stands before it is passed over. */
const SETTER = /(\w+)=('(.*)'|"(.*)"|(.*))/

/**
 * kentcdodds/cross-env src/index.js and src/variable.js: assignments, whose variables are those of its own environment,
 * then the command, without its quotes. Measured with cross-env 10.1; 7.0 has the same rules.
 */
export async function crossEnv(caller: Caller): Promise<readonly Handover[]> {
  const {process} = caller
  const words = process.argv.slice(1).filter(word => word !== '')
  const first = words.findIndex(word => !SETTER.test(word))
  const env = new Map(process.env)
  for (const word of first < 0 ? words : words.slice(0, first)) {
    const [, name = '', whole = '', single, double] = SETTER.exec(word) ?? []
    const value = single ?? double ?? whole
    env.set(name, expand(/^(?:NODE_)?PATH$/.test(name) ? unescapeColons(value) : value, process.env))
  }
  const program = first < 0 ? [] : words.slice(first).map(unquote)
  return passOn({...caller, process: {...process, env}}, program)
}

/** A backslash before a colon is taken away. */
function unescapeColons(list: string): string {
  return list.replace(/(\\*):/g, (all, slashes: string) => (slashes.length % 2 === 1 ? all.slice(1) : all))
}

/** `$NAME` and `${NAME}`, unless a backslash stands before it. */
function expand(value: string, env: ReadonlyMap<string, string>): string {
  return value.replace(
    /(\\*)(\$(\w+)|\$\{(\w+)\})/g,
    (_, slashes: string, variable: string, name?: string, braced?: string) =>
      slashes.length % 2 === 1
        ? variable
        : slashes.slice(0, slashes.length / 2) + (env.get(name ?? braced ?? '') ?? ''),
  )
}

/** Without quotes; a backslash keeps a quote, and is taken away itself before `$`, `"` and a backslash. */
function unquote(word: string): string {
  return word.replace(/\\\\|(\\)?'|\\(?=[$"\\])/g, found => (found === '\\\\' ? '\\' : found === "\\'" ? "'" : ''))
}
