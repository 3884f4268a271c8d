import type {RootFs} from '../../image/rootfs.ts'
import type {AddonProblem} from '../addon.ts'

/** The machine at the end of a JVM's directory, as Debian and Fedora name them: `java-17-openjdk-amd64`. */
const MACHINE = /[-.](?:amd64|x86_64|x64|arm64|aarch64|armhf|i386|ppc64el|ppc64le|s390x|riscv64)$/

/**
 * JAVA_HOME that names the directory of a JVM for another machine, where the image has the same JVM for its own:
 * programs that are started through it are not found. `homes`: of the platform's own JVMs.
 */
export async function findJavaHome(
  value: string | undefined,
  homes: readonly string[],
  files: Pick<RootFs, 'lookup'>,
): Promise<readonly AddonProblem[]> {
  const named = value?.replace(/\/+$/, '')
  if (named === undefined || !named.startsWith('/') || !MACHINE.test(named)) return []
  if ((await files.lookup(named)).outcome === 'found') return []
  const own = homes.find(home => MACHINE.test(home) && home.replace(MACHINE, '') === named.replace(MACHINE, ''))
  if (own === undefined) return []
  return [
    {
      language: 'java',
      directory: named,
      package: 'JAVA_HOME',
      wanted: [own],
      outcome: {kind: 'renamed', path: own},
      covers: [],
      isRequired: false,
      isNeeded: true,
    },
  ]
}
