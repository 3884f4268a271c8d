import {expect, test} from '@jest/globals'
import {findCounterpart} from '../../src/exec/counterpart.ts'
import {memoryRootfs} from '../support/memory-rootfs.ts'
import {testPlatform} from '../support/memory-source.ts'

const rootfs = memoryRootfs({
  '/jvm/java-17-arm64/bin/java': '',
  '/lib/aarch64-linux/x': '',
  '/opt/tool-amd64': '',
  '/opt/parm64': '',
})

test.each<[string, string, string, string | undefined]>([
  ['the platform has its own', 'linux/arm64', '/jvm/java-17-amd64', '/jvm/java-17-arm64'],
  ['by another name', 'linux/arm64', '/lib/x86_64-linux', '/lib/aarch64-linux'],
  ['the other way round', 'linux/amd64', '/opt/tool-aarch64', '/opt/tool-amd64'],
  ['nothing of its own', 'linux/riscv64', '/jvm/java-17-amd64', undefined],
  ['the name of this platform', 'linux/amd64', '/jvm/java-17-amd64', undefined],
  ['another name of this platform', 'linux/amd64', '/opt/tool-x86_64', undefined],
  ['no name of an architecture', 'linux/arm64', '/jvm/java-17', undefined],
  ['a name within a word', 'linux/arm64', '/opt/pamd64', undefined],
  ['the root', 'linux/arm64', '/', undefined],
])('%s', async (_, platform, at, expected) => {
  expect(await findCounterpart(rootfs, testPlatform(platform), at)).toBe(expected)
})
