import {execFile} from 'node:child_process'
import {readFile, realpath} from 'node:fs/promises'
import {availableParallelism, cpus, release, totalmem, type} from 'node:os'
import {basename, delimiter, join} from 'node:path'
import {promisify} from 'node:util'
import {gunzipSync} from 'node:zlib'
import {findTools} from '../../e2e/ground/tools.ts'
import {withTemporaryFolder} from '../../scripts/support/temporary-folder.ts'
import type {Machine} from '../report/results.ts'

const PROGRAMS = [
  ['docker', '--version'],
  ['crane', 'version'],
  ['file', '--version'],
] as const

/** This machine, and the programs that are compared with, as the benchmarks' ground takes them. */
export async function describeMachine(): Promise<Machine> {
  return withTemporaryFolder('verify-image-arch-bench', async folder => {
    const bin = join(folder, 'bin')
    // Without root or Debian's packages there is no ground: its benchmarks fail then, and say why.
    const isGround = await findTools(bin).then(
      () => true,
      () => false,
    )
    const path = [...(isGround ? [bin] : []), process.env.PATH ?? ''].join(delimiter)
    const programs = []
    for (const [program, argument] of PROGRAMS) {
      const env = {...process.env, PATH: path}
      const answer = await promisify(execFile)(program, [argument], {env}).catch(() => undefined)
      programs.push([program, await versionOf(join(bin, program), answer?.stdout)] as const)
    }
    return {
      processor: cpus()[0]?.model.trim() ?? 'unknown',
      processors: availableParallelism(),
      memory: Math.round(totalmem() / 2 ** 30),
      system: `${type()} ${release().replace(/^(\d+\.\d+(?:\.\d+)?).*/, '$1')}`,
      node: process.version.replace(/^v/, ''),
      programs: Object.fromEntries(programs),
    }
  })
}

async function versionOf(path: string, answer: string | undefined): Promise<string> {
  if (answer === undefined) return 'absent'
  return parseVersion(answer) ?? parseVersion(await changelog(path)) ?? 'of an unknown version'
}

/** The first word of a text that looks like a version. */
export function parseVersion(text: string): string | undefined {
  return /\d+\.\d+(?:\.\d+)*/.exec(text)?.[0]
}

/** Debian's crane does not know its own version: the first line of its package's changelog has it. */
async function changelog(path: string): Promise<string> {
  try {
    const program = await realpath(path)
    const file = join(program, '../../share/doc', basename(program), 'changelog.Debian.gz')
    return (
      gunzipSync(await readFile(file))
        .toString()
        .split('\n')[0] ?? ''
    )
  } catch {
    return ''
  }
}
