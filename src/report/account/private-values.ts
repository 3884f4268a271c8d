import type {PlatformFacts} from '../../facts/facts.ts'
import type {Report} from '../report.ts'

/** What stands in the place of what is left out. */
export const LEFT_OUT = '…'

/** Shorter ones are words that anybody uses: an account without them could not be read. */
const SHORTEST = 4

/**
 * Takes out of a text what whoever built the image may not want to show to others: names of images and registries, and
 * the values of environment variables and arguments that are not paths. Paths stay: they are what an account is about.
 */
export function redactor(
  {images}: Pick<Report, 'images'>,
  platforms: readonly PlatformFacts[],
): (text: string) => string {
  const names = images.flatMap(({reference, name}) => [reference, ...(name === undefined ? [] : [name])])
  const values = platforms.flatMap(({config, startup, healthcheck}) => [
    ...(config?.env ?? []).map(entry => entry.slice(entry.indexOf('=') + 1)),
    ...[startup.argv, healthcheck?.argv ?? [], config?.healthcheck ?? []].flatMap(argv =>
      argv.slice(1).map(optionValue),
    ),
  ])
  const known = new Set(platforms.flatMap(wordsOf))
  const hidden = [...names, ...values]
    .flatMap(value => [value, JSON.stringify(value).slice(1, -1)])
    .filter(value => value.length >= SHORTEST && !isPath(value) && !known.has(value))
  // The longest first: a value may stand in another one.
  const ordered = [...new Set(hidden)].toSorted((a, b) => b.length - a.length || (a < b ? -1 : 1))
  return text => ordered.reduce((shown, value) => shown.replaceAll(value, LEFT_OUT), text)
}

/** An argument as it may be shown: paths, and the names of options without their values. */
export function showArgument(argument: string, at: number): string {
  if (at === 0 || isPath(argument)) return argument
  const [option = ''] = /^--?[\w-]+/.exec(argument) ?? []
  if (option === argument) return argument
  return option === '' ? LEFT_OUT : `${option}${LEFT_OUT}`
}

/** What an account is made of: the words of a platform, the machines and the names of its programs. */
function wordsOf({entry: {platform}, startup, healthcheck, shell}: PlatformFacts): readonly string[] {
  const steps = [startup, healthcheck, shell].flatMap(start => start?.steps ?? [])
  return [
    ...[platform.os, platform.architecture, platform.variant],
    ...steps.map(({path}) => path.slice(path.lastIndexOf('/') + 1)),
    ...steps.flatMap(({identity}) => (identity?.kind === 'elf' ? [identity.machine] : [])),
  ]
}

/** Of `--name=value` the value. */
function optionValue(argument: string): string {
  return argument.replace(/^--?[\w-]+=/, '')
}

/** A path, or a list of paths such as PATH, without anything that a URL or a secret has. */
function isPath(text: string): boolean {
  return /^\.{0,2}\/[\w.+/:-]*$/.test(text) && !text.includes('://')
}
