import {expect, test} from '@jest/globals'
import {explainMissingLoader} from '../../src/exec/loader/explain.ts'
import {type MemoryTree, memoryRootfs} from '../support/memory-rootfs.ts'
import {testPlatform} from '../support/memory-source.ts'

const GLIBC = '/lib64/ld-linux-x86-64.so.2'
const MUSL = '/lib/ld-musl-x86_64.so.1'
const HARD = '/lib/ld-linux-armhf.so.3'
const SOFT = '/lib/ld-linux.so.3'

/** Why a loader is not in an image that has other files. */
test.each<[platform: string, loader: string, there: readonly string[], reason: string | undefined]>([
  ['linux/amd64', GLIBC, [], 'a dynamically linked program in an image without a loader'],
  ['linux/amd64', MUSL, [], 'a dynamically linked program in an image without a loader'],
  ['linux/amd64', GLIBC, [MUSL], 'a glibc program in a musl image'],
  ['linux/amd64', MUSL, [GLIBC], 'a musl program in a glibc image'],
  ['linux/amd64', MUSL, [GLIBC, '/lib/ld-musl-aarch64.so.1'], 'a musl program in a glibc image'],
  ['linux/arm/v7', HARD, [SOFT], `the image has ${SOFT}: a program for another floating-point ABI`],
  ['linux/arm/v7', SOFT, [HARD], `the image has ${HARD}: a program for another floating-point ABI`],
  ['linux/arm/v7', '/lib/ld-musl-armhf.so.1', ['/lib/ld-musl-arm.so.1'], undefined],
  ['linux/arm/v7', '/lib/ld-musl-arm.so.1', ['/lib/ld-musl-arm.so.1', SOFT], 'a musl program in a glibc image'],
  ['linux/amd64', '/lib/ld-linux-aarch64.so.1', [GLIBC], 'the loader of linux/arm64, not of linux/amd64'],
  ['linux/arm64', MUSL, [], 'the loader of linux/amd64, not of linux/arm64'],
  ['linux/arm64', HARD, [], 'the loader of linux/arm, not of linux/arm64'],
  ['linux/arm64', '/system/bin/linker64', [], 'a program for Android'],
  ['linux/arm64', '/opt/system/bin/linker64', [], undefined],
  ['linux/amd64', '/nix/store/x/ld.so', [], 'a program from a Nix or Guix store that is not in the image'],
  ['linux/amd64', '/gnu/store/x/ld.so', [], 'a program from a Nix or Guix store that is not in the image'],
  ['linux/amd64', '/opt/nix/store/x/ld.so', [], undefined],
  ['linux/amd64', '/opt/gnu/store/', [], undefined],
  ['linux/amd64', '/home/linuxbrew/.linuxbrew/lib/ld.so', [], 'a program from Homebrew, which is not in the image'],
  ['linux/amd64', '/opt/home/linuxbrew/', [], undefined],
  ['linux/amd64', '/opt/ld.so', [GLIBC, MUSL], undefined],
  ['windows/amd64', GLIBC, [MUSL], undefined],
  ['windows/amd64', '/system/bin/linker64', [], undefined],
])('%s: %s where there is %j', async (platform, loader, there, reason) => {
  const files: MemoryTree = Object.fromEntries(['/etc/passwd', ...there].map(path => [path, '']))
  expect(await explainMissingLoader(memoryRootfs(files), testPlatform(platform), loader)).toBe(reason)
})
