import {baseName} from '../../lib/paths.ts'
import {crossEnv} from './cross-env.ts'
import {behindDashes} from './dotenv.ts'
import {type Caller, type Handover, lacksProgram, passOn} from './handover.ts'
import {PACKAGE_RUNNERS} from './package-scripts.ts'
import {pm2Runtime} from './pm2.ts'
import {wrap} from './wrap.ts'
import type {Wrapper} from './wrapper.ts'

/** A program that is a script of an interpreter, and starts another one. */
export interface ScriptProgram {
  readonly name: string
  /** Undefined where it starts nothing. */
  readonly run: (caller: Caller) => Promise<readonly Handover[] | undefined>
}

const {npm, npx, yarn, pnpm} = PACKAGE_RUNNERS

/** By the last component of the path that the interpreter is to run. */
const SCRIPTS: Readonly<Record<string, ScriptProgram>> = {
  npm: {name: 'npm', run: npm},
  'npm-cli.js': {name: 'npm', run: npm},
  npx: {name: 'npx', run: npx},
  'npx-cli.js': {name: 'npx', run: npx},
  yarn: {name: 'yarn', run: yarn},
  yarnpkg: {name: 'yarn', run: yarn},
  'yarn.js': {name: 'yarn', run: yarn},
  pnpm: {name: 'pnpm', run: pnpm},
  'pnpm.cjs': {name: 'pnpm', run: pnpm},
  'pnpm.mjs': {name: 'pnpm', run: pnpm},
  bundle: {name: 'bundle', run: caller => inEnvironment(caller, 'exec')},
  bundler: {name: 'bundler', run: caller => inEnvironment(caller, 'exec')},
  poetry: {name: 'poetry', run: caller => inEnvironment(caller, 'run')},
  pipenv: {name: 'pipenv', run: caller => inEnvironment(caller, 'run')},
  pdm: {name: 'pdm', run: caller => inEnvironment(caller, 'run')},
  conda: {name: 'conda', run: caller => inEnvironment(caller, 'run')},
  'xvfb-run': {name: 'xvfb-run', run: caller => wrap(XVFB_RUN, caller)},
  eatmydata: {name: 'eatmydata', run: caller => afterWord(caller, '--')},
  unbuffer: {name: 'unbuffer', run: caller => afterWord(caller, '-p')},
  chronic: {name: 'chronic', run: caller => wrap(CHRONIC, caller)},
  dotenvx: {name: 'dotenvx', run: behindDashes},
  dotenv: {name: 'dotenv', run: behindDashes},
  varlock: {name: 'varlock', run: behindDashes},
  'cross-env': {name: 'cross-env', run: crossEnv},
  'cross-env.js': {name: 'cross-env', run: crossEnv},
  'ddtrace-run': {name: 'ddtrace-run', run: caller => wrap(DDTRACE_RUN, caller)},
  'newrelic-admin': {name: 'newrelic-admin', run: newrelicAdmin},
  'opentelemetry-instrument': {name: 'opentelemetry-instrument', run: instrument},
  'pm2-runtime': {name: 'pm2-runtime', run: pm2Runtime},
  'pm2-docker': {name: 'pm2-runtime', run: pm2Runtime},
}

/** Debian's debian/local/xvfb-run, by getopt(1) with `+`. */
const XVFB_RUN: Wrapper = {
  names: ['xvfb-run'],
  short: 'ade:f:hn:lp:s:w:',
  long: [
    ...['auto-servernum', 'auto-display', 'error-file=', 'auth-file=', 'help', 'server-num=', 'listen-tcp'],
    ...['xauth-protocol=', 'server-args=', 'wait='],
  ],
  ends: ['h', 'help'],
}

/** moreutils chronic: Getopt::Std stops at the first operand. */
const CHRONIC: Wrapper = {names: ['chronic'], short: 'ev', refusesText: true}

/** DataDog/dd-trace-py ddtrace/commands/ddtrace_run.py: argparse, the command is its remainder. */
const DDTRACE_RUN: Wrapper = {
  names: ['ddtrace-run'],
  short: 'hdipv',
  long: ['help', 'debug', 'info', 'profiling', 'version'],
  ends: ['h', 'i', 'v', 'help', 'info', 'version'],
}

/** newrelic/newrelic-python-agent newrelic/admin/run_program.py: the words behind `run-program`. */
async function newrelicAdmin(caller: Caller): Promise<readonly Handover[]> {
  const [, verb, ...words] = caller.process.argv
  return verb === 'run-program' ? passOn(caller, words) : []
}

/** opentelemetry/instrumentation/auto_instrumentation/__init__.py: argparse; all options but two take a value. */
async function instrument(caller: Caller): Promise<readonly Handover[]> {
  const words = caller.process.argv.slice(1)
  let at = 0
  while (words[at]?.startsWith('-')) {
    if (words[at] === '--') return passOn(caller, words.slice(at + 1))
    if (words[at] === '--version' || words[at] === '--help') return []
    at += words[at]?.includes('=') ? 1 : 2
  }
  return passOn(caller, words.slice(at))
}

/** One word may stand before the program: `-p` of expect's unbuffer, `--` of eatmydata. */
async function afterWord(caller: Caller, word: string): Promise<readonly Handover[]> {
  const words = caller.process.argv.slice(1)
  const program = words[0] === word ? words.slice(1) : words
  return lacksProgram(caller, program) ?? passOn(caller, program)
}

/** Options of conda, micromamba and uv that change nothing of the program, and those that take a value. */
const FLAGS = /^(--(no-capture-output|live-stream|frozen|locked|no-sync|no-dev|offline|no-cache|isolated|quiet)|-q|-v)$/
const VALUES = /^(-n|--name|-p|--prefix|--cwd|--project|--directory)$/

export function findScriptProgram(path: string): ScriptProgram | undefined {
  const name = baseName(path)
  return Object.hasOwn(SCRIPTS, name) ? SCRIPTS[name] : undefined
}

/**
 * `poetry run PROGRAM`: in an environment with programs of its own, which are looked at first. Where it lies only the
 * run knows, so that a program which PATH has is only likely the one, and one that PATH lacks may be
 * there. Undefined behind another verb.
 */
export async function inEnvironment(caller: Caller, verb: string): Promise<readonly Handover[] | undefined> {
  const {name, process} = caller
  const [first, ...words] = process.argv.slice(1)
  if (first !== undefined && !first.startsWith('-') && first !== verb) return undefined
  const start = words.findIndex(
    (word, at) => !FLAGS.test(word) && !VALUES.test(word) && !VALUES.test(words[at - 1] ?? ''),
  )
  const [program, ...rest] = start < 0 ? [] : words.slice(start)
  if (first !== verb || program === undefined) {
    return [{kind: 'unknown', reason: `what ${name} starts only the run knows`}]
  }
  if (program.startsWith('-')) {
    return [{kind: 'unknown', reason: `the option ${program} of ${name} ${verb} is not understood`}]
  }
  if (program.includes('/')) return passOn(caller, [program, ...rest])
  return passOn(caller, [program, ...rest], {certainty: 'likely', guarded: true})
}
