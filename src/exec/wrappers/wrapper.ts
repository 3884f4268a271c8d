import type {OptionGrammar, ParsedOptions} from './options.ts'
import type {UserForm} from './user-forms.ts'
import type {PackageVersion} from './versions.ts'

type Version = readonly number[]

/** A program that does something and then becomes, or starts, the program that its arguments name. */
export interface Wrapper extends Omit<OptionGrammar, 'permutes'> {
  /**
   * What reads its options, where that takes options behind operands, too: getopt(3) of musl does not, getopt_long(3)
   * does in both C libraries.
   */
  readonly permutes?: 'getopt' | 'getopt_long'
  readonly names: readonly string[]
  /** Operands of its own before the program: `timeout 5 program`. */
  readonly operands?: number
  /** The operand that names the user it changes to: `gosu USER program`. */
  readonly user?: number
  /** Options that name the user. */
  readonly userOptions?: readonly string[]
  /** How it writes a user; as the engine takes a config's User where it is left out. */
  readonly userForm?: UserForm
  /** It drops the user's supplementary groups. */
  readonly dropsGroups?: boolean
  /** It sets HOME to that of the user. */
  readonly setsHome?: boolean
  /** The program stands after `--`, wherever that is: `doppler run --config x -- program`. */
  readonly afterDashes?: boolean
  /** It has no options, and takes `--` for its first operand. */
  readonly plain?: boolean
  /** What it makes of `--` anywhere depends on the version. */
  readonly unsureOfDashes?: boolean
  /** An operand, or an option, that must name a user, to whom it does not change. */
  readonly account?: number
  readonly accountOption?: string
  /** It sets what the files of a directory hold: that of an option, or of its first operand. */
  readonly variables?: {readonly of: 'daemontools' | 'runit' | 's6'; readonly option?: string}
  /** It looks its program up in PATH as Go's exec.LookPath does; as execvp(3) does where it is left out. */
  readonly search?: 'go'
  /** What execve refuses as ENOEXEC it does not run as a shell script, as execvp(3) of glibc does. */
  readonly refusesText?: boolean
  /** It becomes its program, and does not start it beside itself. */
  readonly becomes?: true
  /** It ends at once: as the first process it takes its program with it. */
  readonly background?: boolean
  /** Without a program it does something else, and does not fail, with these options; always, where it is `true`. */
  readonly alone?: true | ((options: ParsedOptions['options']) => boolean)
  /** Options after which nothing starts. */
  readonly ends?: readonly string[]
  /** Why it ends with an error before it starts anything, where its words alone say so, whatever its version. */
  readonly refuses?: (options: ParsedOptions['options'], words: readonly string[]) => string | undefined
  /** It changes to the directory of an option before it starts its program, and without that to `otherwise`. */
  readonly directory?: {readonly option: string; readonly otherwise: string}
  /** Options that make another directory the root, and what it starts unknown. */
  readonly roots?: readonly string[]
  /** As the first process of a container it starts nothing, in these versions of its package. */
  readonly failsFirst?: {readonly name: PackageVersion['name']; readonly from: Version; readonly before: Version}
  /** As the first process of a container it forks, and ends with all, but for these options. */
  readonly forksFirst?: readonly string[]
  /** A library that it gives its program by LD_PRELOAD, and where it looks for it: beside itself, too. */
  readonly preloads?: {readonly name: string; readonly directories: readonly string[]}
  /** By its words: whether it may make files anywhere before it starts its program. */
  readonly makesFiles?: (argv: readonly string[]) => boolean
  /** What it does cannot be followed, and why. */
  readonly opaque?: string
}

/** The value of an option that stands last, of several that are the same. */
export function lastValue(options: ParsedOptions['options'], names: readonly string[]): string | undefined {
  return options.findLast(([name]) => names.includes(name))?.[1]
}

/** Refuses a value that the pattern does not take. */
export function takesOnly(
  names: readonly string[],
  pattern: RegExp,
): (options: ParsedOptions['options']) => string | undefined {
  return options => {
    const odd = options.find(([name, value]) => names.includes(name) && value !== undefined && !pattern.test(value))
    return odd && `it does not take ${JSON.stringify(odd[1])} as ${dashed(odd[0])}`
  }
}

/** `-c`, `--command`. */
export function dashed(name: string): string {
  return name.length === 1 ? `-${name}` : `--${name}`
}
