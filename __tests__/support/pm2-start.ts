import {program} from '../../scripts/kernel/elf.ts'
import {readStartup} from '../../src/exec/index.ts'
import {imageConfig} from './image-config.ts'
import {executable, type MemoryTree, memoryRootfs} from './memory-rootfs.ts'

export const native = executable(program({}))
const names = ['node', 'bash', 'sh', 'bun', 'ruby', 'perl', 'php', 'python', 'prog', 'env']
/** An image with pm2-runtime and interpreters in /bin, and files of theirs in /w. */
export const TREE: MemoryTree = {
  ...Object.fromEntries(names.map(name => [`/bin/${name}`, native])),
  '/bin/pm2-runtime': executable('#!/usr/bin/env node\n'),
  '/usr/bin/env': native,
  '/bin/tool': executable('#!/bin/sh\nexec prog\n'),
  '/w/sub': {kind: 'directory'},
  '/w/dir.js': {kind: 'directory'},
  '/w/elf': native,
  '/w/elf.sh': native,
  ...Object.fromEntries(
    ['text', ...['js', 'cjs', 'mjs', 'ts', 'tsx', 'py', 'rb', 'php', 'pl', 'sh', 'x'].map(end => `a.${end}`)].map(
      name => [`/w/${name}`, ''],
    ),
  ),
}

/** What pm2-runtime starts, with its words; what it does not find or refuses; and what is not known. */
export async function startPm2(
  words: readonly string[],
  files: Readonly<Record<string, MemoryTree[string] | undefined>> = {},
) {
  const tree = Object.entries({...TREE, ...files}).filter(entry => entry[1] !== undefined)
  const {steps, unknowns} = await readStartup({
    config: imageConfig({entrypoint: ['pm2-runtime', ...words], env: ['PATH=/bin::/w/sub'], workingDir: '/w'}),
    rootfs: memoryRootfs(Object.fromEntries(tree) as MemoryTree),
    platform: {os: 'linux', architecture: 'amd64', variant: ''},
  })
  const lines = steps
    .filter(({via, obstacle}) => via === 'argument of pm2-runtime' || obstacle !== undefined)
    .filter(({role, obstacle}) => role !== 'argument' || obstacle !== undefined)
    .map(({argv, path, obstacle}) =>
      obstacle === undefined
        ? (argv ?? [path]).join(' ')
        : 'reason' in obstacle
          ? obstacle.reason
          : `${path}: ${obstacle.kind}`,
    )
  return [...lines, ...unknowns.map(({reason}) => `unknown: ${reason}`)]
}
