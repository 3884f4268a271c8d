import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {exists} from '../e2e/ground/cache.ts'
import {downloadPackage} from '../e2e/ground/debian.ts'
import {busybox, DEBIAN_ARCH, type DebianArch, tini} from '../e2e/ground/programs.ts'
import {runAny} from '../e2e/ground/run.ts'
import {machineArch} from '../e2e/ground/tools.ts'
import {identify, judge} from '../src/binary/index.ts'
import {bytesAccess} from '../src/lib/bytes.ts'
import {parsePlatform} from '../src/platform/index.ts'
import {withBuiltPrograms} from './arm/built-programs.ts'
import {compareInstructions, compareProgram} from './arm/compare-qemu.ts'
import {fetchNpm} from './binaries/corpus.ts'

/*
 * npm run test:qemu
 *
 * Real programs of every architecture that Debian has, busybox and tini and a Go program each, are asked for by every
 * platform: where our verdict is `native`, the QEMU of that platform must start the program, where it is `foreign`,
 * QEMU must refuse it. What a kernel runs by its compatibility (`compat`) QEMU does not: each of its programs emulates
 * one ABI. Nothing is installed. Exit code 1 on a disagreement, 2 where QEMU is not to be had.
 */

/** QEMU 10.0, statically linked, with all the architectures; bookworm's 7.2 lacks some. */
const QEMU = {name: 'qemu-user', suite: 'trixie'} as const

const EMULATORS: Readonly<Record<DebianArch, string>> = {
  amd64: 'x86_64',
  arm64: 'aarch64',
  armel: 'arm',
  armhf: 'arm',
  i386: 'i386',
  loong64: 'loongarch64',
  mips64el: 'mips64el',
  mipsel: 'mipsel',
  ppc64el: 'ppc64le',
  riscv64: 'riscv64',
  s390x: 's390x',
}

/** As esbuild's packages for npm call them; there is none for mipsel, and one for all of 32-bit arm. */
const ESBUILD: Readonly<Partial<Record<DebianArch, string>>> = {
  amd64: 'x64',
  arm64: 'arm64',
  armhf: 'arm',
  i386: 'ia32',
  loong64: 'loong64',
  mips64el: 'mips64el',
  ppc64el: 'ppc64',
  riscv64: 'riscv64',
  s390x: 's390x',
}

interface Program {
  readonly label: string
  readonly path: string
  /** What makes it end at once, with 0. */
  readonly args: readonly string[]
}

process.exitCode = await main()

async function main(): Promise<number> {
  const folder = await downloadPackage({...QEMU, arch: machineArch()}).catch((error: unknown) => {
    console.error(`test:qemu cannot run here: ${error instanceof Error ? error.message : error}`)
    return undefined
  })
  if (folder === undefined) return 2
  const programs = await readPrograms()
  const counts = {passed: 0, failed: 0, compat: 0, notRun: 0}
  for (const [name, arch] of Object.entries(DEBIAN_ARCH)) {
    const emulator = join(folder, 'usr/bin', `qemu-${EMULATORS[arch]}`)
    if (!(await exists(emulator))) {
      console.log(`${name}: not run, there is no qemu-${EMULATORS[arch]}`)
      counts.notRun += programs.length
      continue
    }
    const answers = await Promise.all(programs.map(program => compare(program, name, emulator)))
    for (const {outcome, problem} of answers) {
      counts[outcome]++
      if (problem !== undefined) console.log(problem)
    }
    const native = answers.filter(({fit}) => fit === 'native').length
    console.log(`${name}: ${native} of ${programs.length} programs are native`)
  }
  console.log(`${counts.compat} compat (not compared), ${counts.notRun} not run`)
  const arm = await compareArm(join(folder, 'usr/bin/qemu-arm'), programs)
  counts.passed += arm.passed
  counts.failed += arm.failed
  console.log(`test:qemu: ${counts.passed} passed, ${counts.failed} failed`)
  return counts.failed === 0 && counts.passed > 0 ? 0 : 1
}

/** What is too new for an ARM1176: single instructions, and real programs from their entry point on. */
async function compareArm(emulator: string, programs: readonly Program[]): Promise<{passed: number; failed: number}> {
  const instructions = await compareInstructions(emulator, 1, 600)
  const problems = [...instructions.problems]
  const arm = programs.filter(({label}) => /(?:armel|armhf)$/.test(label))
  let agreed = 0
  await withBuiltPrograms(async built => {
    let [tooNew, followed] = [0, 0]
    for (const program of [...arm, ...built]) {
      const compared = await compareProgram(emulator, program)
      tooNew += compared.isTooNew ? 1 : 0
      followed += compared.followed
      if (compared.problem === undefined) agreed++
      else problems.push(compared.problem)
      console.log(
        `arm1176: ${program.label}: ${compared.isTooNew ? 'too new' : 'nothing too new'}, ${compared.followed} followed`,
      )
    }
    console.log(
      `arm1176: ${instructions.passed} instructions are refused as we say; of ${arm.length + built.length} programs ${tooNew} are too new, ${followed} instructions followed; ${problems.length} disagreements`,
    )
  })
  for (const problem of problems) console.log(problem)
  return {passed: instructions.passed + agreed, failed: problems.length}
}

async function readPrograms(): Promise<readonly Program[]> {
  const programs: Program[] = []
  const add = async (label: string, find: () => Promise<string>, args: readonly string[]): Promise<void> => {
    const path = await find().catch((error: unknown) => {
      console.log(`${label}: not to be had (${error instanceof Error ? error.message : error})`)
      return undefined
    })
    if (path !== undefined) programs.push({label, path, args})
  }
  for (const arch of Object.values(DEBIAN_ARCH)) {
    await add(`busybox of ${arch}`, () => busybox(arch), ['true'])
    await add(`tini-static of ${arch}`, () => tini(arch), ['--version'])
    const name = ESBUILD[arch]
    if (name === undefined) continue
    const find = async () => join(await fetchNpm(`@esbuild/linux-${name}`, '0.28.2'), 'package/bin/esbuild')
    await add(`esbuild of ${arch}`, find, ['--version'])
  }
  return programs
}

interface Answer {
  readonly outcome: 'passed' | 'failed' | 'compat'
  readonly fit: string
  readonly problem?: string
}

async function compare({label, path, args}: Program, platform: string, emulator: string): Promise<Answer> {
  const parsed = parsePlatform(platform)
  if (!parsed.ok) throw new Error(parsed.problem)
  const {fit} = judge(await identify(bytesAccess(await readFile(path))), parsed.value)
  if (fit === 'compat') return {outcome: 'compat', fit}
  const seen = await emulate(emulator, path, args)
  const agrees = fit === 'native' ? seen === 'started' : fit === 'foreign' && seen === 'refused'
  return agrees
    ? {outcome: 'passed', fit}
    : {outcome: 'failed', fit, problem: `${label} on ${platform}: we say ${fit}, QEMU ${seen}`}
}

/** `started` where it ends with 0, `refused` where QEMU does not load it, else what happened. */
async function emulate(emulator: string, path: string, args: readonly string[]): Promise<string> {
  const {code, signal, stderr} = await runAny(emulator, [path, ...args], {timeoutMs: 120_000, env: {}})
  if (code === 0) return 'started'
  if (stderr.includes('Error while loading') || stderr.includes('Invalid ELF image')) return 'refused'
  return `ended with ${code ?? signal}: ${stderr.trim().slice(0, 200)}`
}
