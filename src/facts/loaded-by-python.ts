import {findPythonSearch, importedBy, type PythonRun, readApplication, readRunModule} from '../addons/index.ts'
import {readEnvironment, type Step} from '../exec/index.ts'
import {baseName} from '../lib/paths.ts'
import type {LoadedInput} from './loaded-input.ts'
import {isSure, keepsDirectory, startedScripts} from './started-scripts.ts'

/**
 * What the scripts and modules that Python is started with import for certain: paths of modules without suffixes, their
 * packages, and directories of packages for another release in which an import would be found.
 */
export async function loadedByPython(steps: readonly Step[], input: LoadedInput): Promise<readonly string[]> {
  const loaded: string[] = []
  for (const {program, first, run} of [...scripts(steps), ...modules(steps, input), ...applications(steps, input)]) {
    if ('application' in run && isOfVolume(first ?? '/', input.volumes)) continue
    const search = await findPythonSearch(input.rootfs, {...variablesOf(program, input), first})
    if (search !== undefined) loaded.push(...(await importedBy(input.rootfs, run, search, input.addons)))
  }
  return loaded
}

const PYTHON = /(?:^|\/)python(?:3(?:\.[0-9]+t?)?)?$/

interface Start {
  readonly program: Step
  /** What `sys.path` begins with. */
  readonly first: string | undefined
  readonly run: PythonRun
}

function scripts(steps: readonly Step[]): readonly Start[] {
  return startedScripts(steps, PYTHON).map(({path, program}) => {
    const isAlone = (program.argv ?? []).slice(1).some(word => /^-[bBdEiIOPqRsSuvx]*[IP]/.test(word))
    return {program, run: {script: path}, first: isAlone ? undefined : path.slice(0, path.lastIndexOf('/')) || '/'}
  })
}

function modules(steps: readonly Step[], {workingDir}: LoadedInput): readonly Start[] {
  return steps.flatMap(step => {
    const module = PYTHON.test(step.path) && isSure(step) ? readRunModule(step.argv ?? []) : undefined
    if (module === undefined) return []
    const first = module.seesDirectory && keepsDirectory(step, steps) ? workingDir : undefined
    return [{program: step, run: {module: module.name}, first}]
  })
}

/** Of servers that are started as a script of their own, `uvicorn app:app`, or by `-m`. */
function applications(steps: readonly Step[], {workingDir, env}: LoadedInput): readonly Start[] {
  const variables = readEnvironment(env)
  const asScripts = startedScripts(steps, PYTHON).flatMap(({path, program}) => {
    const isShebang = program.role === 'interpreter' && program.from !== undefined
    const argv = (isShebang ? steps[program.from]?.argv : program.argv) ?? []
    const at = isShebang ? 0 : argv.findIndex(word => baseName(word) === baseName(path))
    return at < 0 ? [] : [{program, server: baseName(path), words: argv.slice(at + 1), script: path}]
  })
  const asModules = steps.flatMap(program => {
    const argv = program.argv ?? []
    const module = PYTHON.test(program.path) && isSure(program) ? readRunModule(argv) : undefined
    if (module?.seesDirectory !== true) return []
    const at = argv.indexOf(module.name)
    return at < 0 ? [] : [{program, server: module.name, words: argv.slice(at + 1), script: undefined}]
  })
  return [...asScripts, ...asModules].flatMap(({program, server, words, script}) => {
    const application = readApplication(server, words, variables)
    if (application === undefined || !keepsDirectory(program, steps, script)) return []
    return [{program, run: {application}, first: workingDir === '' ? '/' : workingDir}]
  })
}

function variablesOf(program: Step, {env, user}: LoadedInput) {
  const variables = readEnvironment(env)
  const options = (program.argv ?? []).slice(1).filter(word => /^-[bBdEiIOPqRsSuvx]+m?$/.test(word))
  const isRoot = /^(?:|0|root)(?::.*)?$/.test(user)
  return {
    path: program.path.startsWith('/') ? program.path : (program.hops[0]?.path ?? program.path),
    file: program.node?.path ?? program.path,
    env: variables,
    ignoresEnv: options.some(word => /[EI]/.test(word)),
    home: options.some(word => /[sI]/.test(word))
      ? undefined
      : (variables.get('HOME') ?? (isRoot ? '/root' : undefined)),
  }
}

/** What is in a volume may be the user's. */
function isOfVolume(directory: string, volumes: readonly string[]): boolean {
  return volumes.some(volume => `${directory}/`.startsWith(`${volume.replace(/\/+$/, '')}/`))
}
