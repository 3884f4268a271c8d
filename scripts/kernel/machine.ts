import {readdir} from 'node:fs/promises'
import {runAny} from '../../e2e/ground/run.ts'

/** Why this machine's kernel cannot be asked about amd64 programs in a chroot; undefined where it can. */
export async function findHindrance(): Promise<string | undefined> {
  if (process.arch !== 'x64') return `the programs are for amd64, this is ${process.arch}`
  if (process.getuid?.() !== 0) return 'chroot needs root'
  const perl = await runAny('perl', ['-e', '1']).catch(() => undefined)
  if (perl?.code !== 0) return 'there is no perl (Debian: perl-base)'
  const emulators = await readEmulators()
  return emulators.length > 0 ? `binfmt_misc would run foreign programs here: ${emulators.join(', ')}` : undefined
}

/** The handlers of binfmt_misc. */
async function readEmulators(): Promise<readonly string[]> {
  const names = await readdir('/proc/sys/fs/binfmt_misc').catch(() => [])
  return names.filter(name => name !== 'register' && name !== 'status')
}
