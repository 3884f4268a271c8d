import type {Process} from '../../resolved-path.ts'
import type {OptionGrammar} from '../../wrappers/options.ts'
import {type EnvFile, parseForemanEnv, parseGoEnv, parseHonchoEnv} from './env-file.ts'
import {joinAsPython, joinAsRuby} from './quote-words.ts'

/** The command of a runner that runs one command line with the variables of its processes, and waits for it. */
export interface RunCommand {
  readonly verb: RegExp
  /** Its options up to the first operand; undefined where all words are the command line's. */
  readonly grammar?: OptionGrammar
  /** The text that a shell is given; undefined where the program is executed, looked up as Go does. */
  readonly quote?: (words: readonly string[]) => string
  /** One word that is a process of the Procfile is that process: with its command line, in its directory. */
  readonly knowsProcesses?: true
  /** Without words it starts a shell with nothing to do, and does not fail. */
  readonly takesNothing?: true
}

/** How a runner of Procfiles is called, and what it does with one. */
export interface ProcfileRunner {
  readonly name: string
  readonly grammar: OptionGrammar
  /** `start`, behind which the names of processes stand. */
  readonly command?: RegExp
  /** The command that runs one command line. */
  readonly run?: RunCommand
  /** Its options stand behind the command. */
  readonly isCommandFirst?: true
  /** The Procfile is an operand, and no process is. */
  readonly takesFile?: true
  /** The options that say the Procfile, the directory, how many of each, what runs, and what does not. */
  readonly file: readonly string[]
  readonly root: readonly string[]
  readonly counts?: readonly string[]
  readonly chooses?: readonly string[]
  readonly leavesOut?: readonly string[]
  /** Variables of the container that say the Procfile, and what runs. */
  readonly fileVariable?: string
  readonly choiceVariable?: string
  readonly port: {readonly options: readonly string[]; readonly step: readonly string[]; readonly instance: number}
  readonly parseEnv: (text: string) => EnvFile
  /** Files of variables that are read where they are there; `named` is what the option says. */
  readonly envFiles: (process: Process, options: {readonly named: string | undefined}) => readonly string[]
  /** What such a file says stands behind what the container has. */
  readonly isWeak?: true
  /** Processes run where the Procfile is, unless a directory is named; else where the runner does. */
  readonly runsAtFile: boolean
  /** A line wants a blank behind its colon; the same name twice, and no process at all, end the runner. */
  readonly isOfGo: boolean
  /** Ends where a process that is named is not there. */
  readonly knowsNames?: true
  /** The variable that has the name of a process. */
  readonly nameVariable?: string
}

const named = ({named: files = '.env'}: {readonly named: string | undefined}) =>
  files.split(',').map(file => file.trim())

/** foreman 0.87 to 0.90: https://github.com/ddollar/foreman */
export const FOREMAN: ProcfileRunner = {
  name: 'foreman',
  grammar: {
    short: 'f:d:e:m:c:p:t:v',
    long: [
      ...['procfile=', 'root=', 'env=', 'formation=', 'port=', 'timeout=', 'color', 'no-color'],
      ...['timestamp', 'no-timestamp', 'version'],
    ],
    permutes: true,
  },
  command: /^start$/,
  run: {
    verb: /^run$/,
    grammar: {short: 'f:d:e:', long: ['procfile=', 'root=', 'env=']},
    quote: joinAsRuby,
    knowsProcesses: true,
  },
  isCommandFirst: true,
  file: ['f', 'procfile'],
  root: ['d', 'root'],
  counts: ['m', 'formation'],
  port: {options: ['p', 'port'], step: [], instance: 1},
  parseEnv: parseForemanEnv,
  envFiles: (_, options) => named(options),
  runsAtFile: true,
  isOfGo: false,
  nameVariable: 'PS',
}

/** https://honcho.readthedocs.io */
export const HONCHO: ProcfileRunner = {
  name: 'honcho',
  grammar: {
    short: 'f:d:e:c:p:q:v',
    long: [
      ...['procfile=', 'app-root=', 'env=', 'concurrency=', 'port=', 'quiet=', 'version', 'no-colour', 'no-prefix'],
    ],
    permutes: true,
  },
  command: /^start$/,
  run: {
    verb: /^run$/,
    grammar: {short: 'f:d:e:', long: ['procfile=', 'app-root=', 'env=', 'no-colour', 'no-prefix']},
    quote: joinAsPython,
    takesNothing: true,
  },
  file: ['f', 'procfile'],
  root: ['d', 'app-root'],
  counts: ['c', 'concurrency'],
  fileVariable: 'PROCFILE',
  port: {options: ['p', 'port'], step: [], instance: 1},
  parseEnv: parseHonchoEnv,
  envFiles: (_, options) => named(options),
  runsAtFile: false,
  isOfGo: false,
  knowsNames: true,
  nameVariable: 'HONCHO_PROCESS_NAME',
}

/** https://github.com/DarthSim/hivemind 1.1 */
export const HIVEMIND: ProcfileRunner = {
  name: 'hivemind',
  grammar: {
    long: [
      ...['title=', 'w=', 'processes=', 'l=', 'port=', 'p=', 'port-step=', 'P=', 'root=', 'd=', 'timeout=', 't='],
      ...['no-prefix', 'print-timestamps', 'T'],
    ],
    single: true,
  },
  takesFile: true,
  file: [],
  root: ['d', 'root'],
  chooses: ['l', 'processes'],
  fileVariable: 'HIVEMIND_PROCFILE',
  choiceVariable: 'HIVEMIND_PROCESSES',
  port: {options: ['p', 'port'], step: ['P', 'port-step'], instance: 0},
  parseEnv: parseGoEnv,
  envFiles: () => ['.env'],
  isWeak: true,
  runsAtFile: true,
  isOfGo: true,
}

/** https://github.com/DarthSim/overmind 2.5, which needs tmux. */
export const OVERMIND: ProcfileRunner = {
  name: 'overmind',
  grammar: {
    long: [
      ...['title=', 'w=', 'procfile=', 'f=', 'processes=', 'l=', 'root=', 'd=', 'timeout=', 't=', 'port=', 'p='],
      ...['port-step=', 'P=', 'no-port', 'N', 'can-die=', 'c=', 'any-can-die', 'auto-restart=', 'r=', 'colors=', 'b='],
      ...['show-timestamps', 'T', 'formation=', 'm=', 'formation-port-step=', 'stop-signals=', 'i=', 'daemonize', 'D'],
      ...['tmux-config=', 'F=', 'ignored-processes=', 'x=', 'shell=', 'H=', 'socket=', 's=', 'network=', 'S='],
    ],
    single: true,
  },
  command: /^(start|s)$/,
  run: {verb: /^(run|exec|e)$/},
  isCommandFirst: true,
  file: ['f', 'procfile'],
  root: ['d', 'root'],
  counts: ['m', 'formation'],
  chooses: ['l', 'processes'],
  leavesOut: ['x', 'ignored-processes'],
  fileVariable: 'OVERMIND_PROCFILE',
  choiceVariable: 'OVERMIND_PROCESSES',
  port: {options: ['p', 'port'], step: ['P', 'port-step'], instance: 10},
  parseEnv: parseGoEnv,
  envFiles: ({env}) => [
    ...(env.has('HOME') ? [`${env.get('HOME')}/.overmind.env`] : []),
    ...['.overmind.env', '.env'].slice(0, env.has('OVERMIND_SKIP_ENV') ? 1 : 2),
    ...(env.get('OVERMIND_ENV') ?? '').split(',').filter(Boolean),
  ],
  runsAtFile: true,
  isOfGo: true,
  nameVariable: 'PS',
}
