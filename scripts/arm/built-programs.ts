import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {installPackages} from '../../e2e/ground/debian.ts'
import {run} from '../../e2e/ground/run.ts'
import {withTemporaryFolder} from '../support/temporary-folder.ts'
import type {ArmProgram} from './compare-qemu.ts'

/** What the compilers are told for a processor: with -marm and -mthumb, for the one that has only Thumb-1, too. */
const FLAGS = [
  '-march=armv5te -marm',
  '-march=armv6 -marm',
  '-march=armv6 -mthumb',
  '-march=armv7-a -marm',
  '-march=armv7-a -mthumb',
]

/**
 * Start code of our own, compiled as the rest of the program is: Debian's crt1.o is ARMv5 code whatever the flags say.
 */
const C = `
static int sum(const unsigned char *at, unsigned from, unsigned count) {
  unsigned total = 0x12345678u;
  for (unsigned i = 0; i < count; i++) total = (total << 3 | total >> 29) ^ ((at[i] >> from) & 0x1fu);
  return total;
}
__attribute__((noreturn)) void _start(void) {
  static const unsigned char text[] = "some bytes";
  __asm__ volatile("movs r0, %0\\n\\tmovs r7, #1\\n\\tsvc 0" : : "r"(sum(text, 2, sizeof text)));
  __builtin_unreachable();
}
`

/**
 * Programs that are compiled here: of C for each processor, static with Debian's start code
 * and without, and of Go for each GOARM.
 */
export async function withBuiltPrograms<T>(use: (programs: readonly ArmProgram[]) => Promise<T>): Promise<T> {
  return withTemporaryFolder('arm-programs', async folder => {
    await installPackages(['gcc-arm-linux-gnueabi', 'libc6-dev-armel-cross', 'golang-go'])
    return await use([...(await buildC(folder)), ...(await buildGo(folder))])
  })
}

async function buildC(folder: string): Promise<readonly ArmProgram[]> {
  await writeFile(join(folder, 'bare.c'), C)
  await writeFile(join(folder, 'hosted.c'), '#include <stdio.h>\nint main(void) { puts("hello"); return 0; }\n')
  const programs: ArmProgram[] = []
  for (const [index, flags] of FLAGS.entries()) {
    for (const level of ['-O0', '-O2']) {
      const bare = join(folder, `bare${index}${level}`)
      await run(
        'arm-linux-gnueabi-gcc',
        [...flags.split(' '), level, '-masm-syntax-unified', '-static', '-nostdlib', '-o', bare, 'bare.c'],
        {
          cwd: folder,
        },
      )
      programs.push({label: `bare C, ${flags} ${level}`, path: bare, args: []})
    }
    const hosted = join(folder, `hosted${index}`)
    await run('arm-linux-gnueabi-gcc', [...flags.split(' '), '-O2', '-static', '-o', hosted, 'hosted.c'], {cwd: folder})
    programs.push({label: `C, ${flags}`, path: hosted, args: []})
  }
  return programs
}

async function buildGo(folder: string): Promise<readonly ArmProgram[]> {
  await writeFile(join(folder, 'main.go'), 'package main\n\nfunc main() { println("hello") }\n')
  const programs: ArmProgram[] = []
  for (const GOARM of ['5', '6', '7']) {
    const path = join(folder, `go${GOARM}`)
    const env = {...process.env, GOARM, GOOS: 'linux', GOARCH: 'arm', CGO_ENABLED: '0', GOCACHE: join(folder, 'cache')}
    await run('go', ['build', '-o', path, 'main.go'], {cwd: folder, env})
    programs.push({label: `Go, GOARM=${GOARM}`, path, args: []})
  }
  return programs
}
