import type {Environment} from '../../command.ts'
import type {LaunchMetadata, LaunchProcess} from './metadata.ts'

/** What is launched, or why nothing is. */
export type Choice = {readonly process: LaunchProcess} | {readonly problem: string}

/** Which process the launcher starts for its name and its words: `ProcessFor` of lifecycle launch/process.go. */
export function chooseProcess(
  metadata: LaunchMetadata,
  called: string,
  words: readonly string[],
  env: Environment,
): Choice {
  const api = env.get('CNB_PLATFORM_API')
  const find = (type: string) =>
    metadata.processes.find(process => process.type === type && isEligible(process, api, env.get('CNB_EXEC_ENV')))
  if (isBefore(api, 0, 4)) {
    const type = env.get('CNB_PROCESS_TYPE') || 'web'
    const own = words.length === 0 ? find(type) : words.length === 1 ? find(words[0] ?? '') : undefined
    if (own) return {process: own}
    return words.length === 0 ? {problem: `the process type ${type} is not there`} : given(words)
  }
  if (!metadata.processes.some(({type}) => type === called)) {
    return words.length === 0 ? {problem: 'there is no default process, and no command'} : given(words)
  }
  const process = find(called)
  if (!process) return {problem: `the process type ${called} is not there`}
  const [first, ...always] = process.command
  if (isBefore(api, 0, 10)) return {process: {...process, args: [...process.args, ...words]}}
  if (first !== undefined && always.length > 0) {
    return {process: {...process, command: [first], args: [...always, ...(words.length > 0 ? words : process.args)]}}
  }
  if (words.length === 0) return {process}
  const buildpack = metadata.buildpacks.find(({id}) => id === process.buildpack)
  if (!buildpack) return {problem: `the buildpack ${process.buildpack} of the process ${called} is not there`}
  return {process: {...process, args: isBefore(buildpack.api, 0, 9) ? [...process.args, ...words] : words}}
}

/** A process of words alone: behind `--` it is executed, else bash runs it. */
function given(words: readonly string[]): Choice {
  const isDirect = words.length > 1 && words[0] === '--'
  const [command = '', ...args] = isDirect ? words.slice(1) : words
  return {process: {type: '', command: [command], args, isDirect, buildpack: '', directory: '', execEnv: []}}
}

function isEligible({execEnv}: LaunchProcess, api: string | undefined, execution = 'production'): boolean {
  return isBefore(api, 0, 15) || execEnv.length === 0 || execEnv.includes('*') || execEnv.includes(execution)
}

/** An API that is not named is that of the first launchers. */
function isBefore(api: string | undefined, major: number, minor: number): boolean {
  const parts = /^(\d+)(?:\.(\d+))?$/.exec(api ?? '0.3')
  const [own, ownMinor] = [Number(parts?.[1] ?? 0), Number(parts?.[2] ?? 0)]
  return own < major || (own === major && ownMinor < minor)
}
