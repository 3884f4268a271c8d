import type {RootFs} from '../../image/rootfs.ts'
import type {AddonProblem} from '../addon.ts'

/** The machine at the end of a JVM's directory, as Debian and Fedora name them: `java-17-openjdk-amd64`. */
const MACHINE = /[-.](?:amd64|x86_64|x64|arm64|aarch64|armhf|i386|ppc64el|ppc64le|s390x|riscv64)$/

/**
 * JAVA_HOME that names a directory which is not there, in an image that has a JVM: what is started through the variable
 * is not found. `homes`: of the platform's own JVMs; the same one for the own machine is told before others.
 */
export async function findJavaHome(
  value: string | undefined,
  homes: readonly string[],
  files: Pick<RootFs, 'lookup'>,
): Promise<readonly AddonProblem[]> {
  const named = value?.replace(/\/+$/, '')
  if (named === undefined || !named.startsWith('/')) return []
  if ((await files.lookup(named)).outcome !== 'missing') return []
  const same = homes.find(home => home.replace(MACHINE, '') === named.replace(MACHINE, ''))
  const own = same ?? [...homes].sort()[0]
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
