import {mkdir, readdir, rm} from 'node:fs/promises'
import {join} from 'node:path'
import {installPackages} from '../../e2e/ground/debian.ts'
import {run, runAny} from '../../e2e/ground/run.ts'
import type {UsualArch} from './architectures.ts'

const MACHINE: Readonly<Record<UsualArch, string>> = {amd64: 'x86_64', arm64: 'aarch64'}

/** What a folder of wheels depends on. */
export function wheelsKey(wheels: readonly string[], arch: UsualArch): readonly string[] {
  return [...wheels, arch]
}

/** Unpacks wheels where pip installs them as root on Debian. Nothing of them is run. */
export async function fillWheels(wheels: readonly string[], arch: UsualArch, folder: string): Promise<void> {
  const site = join(folder, 'usr/local/lib/python3.11/dist-packages')
  const downloads = join(folder, '.wheels')
  await mkdir(site, {recursive: true})
  await mkdir(downloads)
  const pip = await runAny('python3', ['-m', 'pip', '--version']).catch(() => undefined)
  if (pip?.code !== 0) await installPackages(['python3-pip'])
  const platforms = ['manylinux_2_28', 'manylinux2014', 'manylinux_2_17'].flatMap(name => [
    '--platform',
    `${name}_${MACHINE[arch]}`,
  ])
  await run('python3', [
    ...['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary=:all:', '--python-version', '3.11'],
    ...[...platforms, '--dest', downloads, ...wheels],
  ])
  for (const wheel of await readdir(downloads)) {
    await run('python3', ['-m', 'zipfile', '-e', join(downloads, wheel), site])
  }
  await rm(downloads, {recursive: true})
}
