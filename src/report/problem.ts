import type {Evidence, Finding} from '../rules/finding.ts'
import {natureOfKind} from './nature.ts'

/** What is wrong, in a few words. Both may hold text of the image: escape them for the medium. */
export interface Problem {
  /** For the cell of a table, beside the file's path: `loader missing`. */
  readonly cell: string
  /** For a sentence behind the name of the platform: `/app has no loader`. */
  readonly clause: string
}

/** What a finding says of the file that it is on, or of its platform, in a few words. */
export function problemOf(finding: Finding): Problem {
  const {rule, path, message, evidence} = finding
  const short = SHORT[rule]?.(evidence)
  if (short === undefined) return {cell: rule, clause: message}
  const [cell, clause] = typeof short === 'string' ? [short, undefined] : short
  if (path === undefined || clause === undefined) return {cell, clause: cell}
  return {cell, clause: clause.replace('FILE', () => path)}
}

/** The cell alone, or also a sentence with `FILE` where the path stands. */
type Short = string | readonly [cell: string, clause: string]

const SHORT: Readonly<Record<string, (evidence: Evidence) => Short>> = {
  'wrong-machine': ({actual}) => [text(actual), `FILE is ${text(actual)}`],
  'foreign-executable': ({actual, count}) =>
    typeof count === 'number' && count > 1
      ? `${count} ${text(actual)} files`
      : [`${text(actual)} file`, `FILE is ${text(actual)}`],
  'missing-program': ({via, reason}) =>
    reason !== undefined
      ? [text(reason), `${text(reason)}`]
      : via === 'working directory' || via === 'volume'
        ? [`${via} missing`, `FILE cannot be made`]
        : ['program missing', 'FILE is missing'],
  'missing-interpreter': ({role}) =>
    role === 'loader' ? ['loader missing', 'FILE has no loader'] : ['interpreter missing', 'FILE has no interpreter'],
  'missing-library': ({library}) => [`${text(library)} missing`, `FILE lacks ${text(library)}`],
  'missing-addon': ({count, package: name}) =>
    typeof count === 'number' ? `${count} packages lack add-ons` : `${text(name)} lacks its add-on`,
  'libc-too-old': ({versions, releases}) =>
    releases !== undefined
      ? ['glibc of two releases', 'FILE is not of the release of its loader']
      : Array.isArray(versions) && versions.length > 0
        ? [`needs ${text(versions.at(-1))}`, `FILE needs ${text(versions.at(-1))}`]
        : ['symbols missing', 'FILE needs symbols that its libraries do not define'],
  'not-a-program': ({kind}) => [natureOfKind(text(kind)), `FILE is not a program: ${natureOfKind(text(kind))}`],
  'wrong-os': ({os}) => [`for ${text(os)}`, `FILE is a program for ${text(os)}`],
  'not-executable': ({reason}) => NOT_EXECUTABLE[text(reason)] ?? ['not executable', 'FILE is not executable'],
  'bad-shebang': () => ['#! line does not work', 'the #! line of FILE does not work'],
  'variant-too-new': ({needs}) => [`needs ${text(needs)}`, `FILE needs ${text(needs)}`],
  'page-size': ({align}) => [`aligned to ${text(align)} bytes`, `FILE is aligned to ${text(align)} bytes`],
  'capability-not-granted': ({capabilities}) => {
    const names = Array.isArray(capabilities) ? capabilities.map(text).join(', ') : text(capabilities)
    return [`needs ${names}`, `FILE needs ${names}`]
  },
  'refused-arguments': () => ['ends with an error', 'FILE ends with an error'],
  'refused-by-engine': ({by}) =>
    by === 'classic' || by === 'containerd' ? `the ${by} image store refuses it` : 'Docker refuses it',
  'config-platform-mismatch': ({config, index}) => `config says ${text(config).replace(systemOf(text(index)), '')}`,
  'identical-platforms': ({twin}) => `same files as ${text(twin)}`,
  'platform-missing': ({kind, required}) =>
    kind === 'daemon' || kind === 'archive'
      ? `not in the ${kind}`
      : required === null
        ? 'no platform'
        : kind === 'index'
          ? 'not in the index'
          : 'missing',
  'platform-lost': () => 'lost since the baseline',
  'platform-malformed': ({meant}) => (meant === null ? 'no client matches it' : `misspelled, probably ${text(meant)}`),
  'platform-unreadable': () => 'cannot be read',
  'platform-duplicate': ({digests}) => `${Array.isArray(digests) ? digests.length : 'several'} manifests`,
  'platform-stale': () => 'older than its siblings',
  'program-parity': () => 'other programs in PATH',
  'ambiguous-document': ({document}) => `${text(document)} is ambiguous`,
  'index-entry': ({what}) => (what === undefined ? 'odd entry of the index' : `hidden by ${text(what)}`),
  undetermined: () => 'not determined',
}

const NOT_EXECUTABLE: Readonly<Record<string, Short>> = {
  directory: ['a directory', 'FILE is a directory'],
  'special-file': ['not a file', 'FILE is not a file'],
  'no-search-permission': ['not reachable', 'the user cannot reach FILE'],
  'no-read-permission': ['not readable', 'the user cannot read FILE'],
}

/** `linux/` of `linux/arm64`: a config that says another system says so. */
function systemOf(platform: string): string {
  return `${platform.split('/')[0]}/`
}

function text(value: Evidence[string] | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '?'
}

/** Rules about a step without which nothing starts. */
const START: readonly string[] = [
  'wrong-machine',
  'wrong-os',
  'not-a-program',
  'not-executable',
  'bad-shebang',
  'missing-program',
  'missing-interpreter',
  'missing-library',
  'libc-too-old',
  'variant-too-new',
  'page-size',
  'capability-not-granted',
  'refused-arguments',
]

/** Whether a finding is about what starts: what of it is wrong keeps the container from starting. */
export function isOnStart({rule, evidence}: Finding): boolean {
  return START.includes(rule) && evidence.service === undefined && evidence.maybe === undefined
}
