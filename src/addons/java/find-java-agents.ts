import type {AddonProblem, NativeFiles} from '../addon.ts'
import {judgeModule, startOf} from '../configured-module.ts'

export interface JavaAgentInput extends NativeFiles {
  readonly env: ReadonlyMap<string, string>
  /** The words of the image's entrypoint and command. */
  readonly command: readonly string[]
  /** Programs `java` of the platform. */
  readonly programs: readonly string[]
}

/** Options that every JVM reads. https://docs.oracle.com/en/java/javase/21/docs/specs/jvmti.html#tooloptions */
const EVERY_JVM = ['JAVA_TOOL_OPTIONS', '_JAVA_OPTIONS'] as const
/** Read by the program `java` alone, from release 9 on. */
const LAUNCHER = 'JDK_JAVA_OPTIONS'
/** What starts of the program `java` are called, whatever their options. */
export const JAVA = 'java'

/**
 * Native agents that options name by their path (`-agentpath:PATH=OPTIONS`), and that are of another machine: the JVM
 * ends with "Could not find agent library" before anything else. One that is not there is often mounted, and nothing
 * is said of it.
 */
export async function findJavaAgents(input: JavaAgentInput): Promise<readonly AddonProblem[]> {
  const {env, command, programs} = input
  const [program] = [...programs].sort()
  if (program === undefined) return []
  const problems: AddonProblem[] = []
  const seen = new Set<string>()
  const add = async (paths: readonly string[], start: (path: string) => readonly string[]): Promise<void> => {
    for (const path of paths.filter(one => !seen.has(one))) {
      seen.add(path)
      const module = {language: 'java', name: path, configuredIn: program, paths: [path], starts: start(path)} as const
      const problem = await judgeModule(module, input)
      if (problem?.outcome.kind === 'foreign') problems.push(problem)
    }
  }
  for (const name of EVERY_JVM) await add(agentPaths(wordsOf(env.get(name) ?? '')), () => [JAVA])
  await add(agentPaths(command), path => [startOf(JAVA, path)])
  await add(agentPaths(wordsOf(env.get(LAUNCHER) ?? '')), () => [])
  return problems
}

/** The absolute paths of agents among options. */
export function agentPaths(options: readonly string[]): readonly string[] {
  return options.flatMap(option => /^-agentpath:(\/[^=]*)/.exec(option)?.[1] ?? [])
}

/** As the JVM takes a variable apart: at blanks, which quotes protect. */
function wordsOf(text: string): readonly string[] {
  const words = text.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? []
  return words.map(word => word.replace(/"([^"]*)"|'([^']*)'/g, '$1$2'))
}
