import type {Outcome} from '../world/call.ts'
import {caseProgram} from './case.ts'
import type {Chain} from './chain.ts'
import {foreground, ifelse, ifProgram, ifte, ifthenelse, tryexec} from './conditions.ts'
import {descriptors, heredoc} from './descriptors.ts'
import {elgetopt, emptyenv, envfile, execProgram, runblock, shift} from './environment.ts'
import {execlineb} from './execlineb.ts'
import {background, pipeline, trap, wait} from './jobs.ts'
import {forbacktickx, forstdin, forx, loopwhilex} from './loops.ts'
import {dollarat, eltest, exit, homeof} from './prints.ts'
import {multisubstitute, substitution} from './substitutions.ts'
import {cd, posixCd, posixUmask, redirfd, umask} from './surroundings.ts'
import {backtick, exportProgram, getcwd, getpid, unexport, withstdinas} from './values.ts'

/** Programs of execline, and what they do: https://skarnet.org/software/execline/ */
export interface ExeclineProgram {
  readonly names: readonly string[]
  /** For the documentation. */
  readonly does: string
  readonly run: (chain: Chain) => Promise<Outcome>
}

export const EXECLINE_PROGRAMS: readonly ExeclineProgram[] = [
  {names: ['execlineb'], does: 'becomes the command line that its script is', run: execlineb},
  {names: ['foreground'], does: 'runs its block, then becomes the rest, whatever came of it', run: foreground},
  {names: ['background'], does: 'runs its block beside the rest', run: background},
  {names: ['if'], does: 'runs its block, and ends where that fails', run: ifProgram},
  {names: ['ifelse'], does: 'becomes its second block where the first succeeds, else the rest', run: ifelse},
  {names: ['ifte'], does: 'becomes its first block where the rest succeeds, else the second', run: ifte},
  {names: ['ifthenelse'], does: 'runs one of two blocks by how another ends, then becomes the rest', run: ifthenelse},
  {names: ['case'], does: 'becomes the block whose pattern its value matches, else the rest', run: caseProgram},
  {names: ['tryexec'], does: 'becomes its block, or the rest where that cannot be executed', run: tryexec},
  {names: ['pipeline'], does: 'runs its block beside the rest, whose input is what the block prints', run: pipeline},
  {names: ['trap'], does: 'runs the rest, and one of its blocks at a signal', run: trap},
  {names: ['wait'], does: 'waits, then becomes the rest', run: wait},
  {
    names: ['define', 'importas', 'elgetpositionals', 'elglob', 'multidefine'],
    does: 'becomes the rest, in whose words a value or a variable stands for a key',
    run: substitution,
  },
  {names: ['multisubstitute'], does: 'does so for several at once', run: multisubstitute},
  {names: ['backtick'], does: 'sets a variable to what its block prints', run: backtick},
  {names: ['withstdinas'], does: 'sets a variable to what it reads', run: withstdinas},
  {names: ['getcwd'], does: 'sets a variable to its directory', run: getcwd},
  {names: ['getpid'], does: 'sets a variable that only the run knows', run: getpid},
  {names: ['export'], does: 'sets a variable', run: exportProgram},
  {names: ['unexport'], does: 'takes a variable away', run: unexport},
  {names: ['emptyenv'], does: 'takes all variables away, or those of execline', run: emptyenv},
  {names: ['envfile'], does: 'sets the variables of a file', run: envfile},
  {
    names: ['shift', 'elgetopt'],
    does: 'changes the positional parameters',
    run: chain => PARAMETERS[chain.name === 'shift' ? 0 : 1](chain),
  },
  {names: ['runblock'], does: 'becomes a block of the positional parameters', run: runblock},
  {names: ['exec'], does: 'becomes the rest', run: execProgram},
  {
    names: ['forx', 'forstdin', 'forbacktickx'],
    does: 'runs the rest once for each value, line, or line that its block prints',
    run: chain => (LOOPS[chain.name] ?? forx)(chain),
  },
  {names: ['loopwhilex'], does: 'runs the rest again and again', run: loopwhilex},
  {names: ['cd', 'execline-cd'], does: 'changes the directory', run: cd},
  {names: ['posix-cd'], does: 'changes the directory, and PWD', run: posixCd},
  {names: ['umask', 'execline-umask'], does: 'changes the umask', run: umask},
  {names: ['posix-umask'], does: 'changes the umask', run: posixUmask},
  {names: ['redirfd'], does: 'opens a file, and makes it where it is to be written', run: redirfd},
  {names: ['heredoc'], does: 'gives a text to read', run: heredoc},
  {
    names: ['fdblock', 'fdclose', 'fdmove', 'fdreserve', 'fdswap', 'piperw'],
    does: 'changes descriptors',
    run: descriptors,
  },
  {names: ['exit'], does: 'ends', run: exit},
  {names: ['eltest'], does: 'ends as test(1) does', run: eltest},
  {
    names: ['homeof', 'dollarat'],
    does: 'prints the home of a user, the positional parameters',
    run: chain => (chain.name === 'homeof' ? homeof : dollarat)(chain),
  },
]

const PARAMETERS = [shift, elgetopt] as const
const LOOPS: Readonly<Record<string, ExeclineProgram['run']>> = {forx, forstdin, forbacktickx}

const BY_NAME = new Map(EXECLINE_PROGRAMS.flatMap(program => program.names.map(name => [name, program] as const)))

/** Undefined where execline has no program of this name. */
export function findExeclineProgram(name: string): ExeclineProgram | undefined {
  return BY_NAME.get(name)
}
