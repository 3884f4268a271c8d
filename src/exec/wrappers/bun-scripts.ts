import type {Cause, FileNode} from '../../image/rootfs.ts'
import {type World, withChange} from '../world/world.ts'
import type {Caller} from './handover.ts'

/*
 * How Bun runs scripts of a package: src/cli/run_command.zig (configurePathForRun, findShell,
 * replacePackageManagerRun). Measured with bun 1.4.5.
 */

/** Where Bun puts links `node` and `bun` to itself, for what it starts; its own name ends with a hash. */
export const BUN_NODE = '/tmp/bun-node'

/** The files of an image with these links. */
export function withBunNode(world: World, bun: string, by: Cause): World {
  const add = (before: World, path: string, node: Pick<FileNode, 'kind' | 'mode'> & Partial<FileNode>): World =>
    withChange(before, path, {
      kind: 'there',
      node: {uid: 0, gid: 0, size: 0, ...node, path},
      content: {kind: 'none'},
      by,
    })
  const directory = add(world, BUN_NODE, {kind: 'directory', mode: 0o755})
  return ['node', 'bun'].reduce(
    (made, name) => add(made, `${BUN_NODE}/${name}`, {kind: 'symlink', mode: 0o777, target: bun}),
    directory,
  )
}

/** PATH of what it starts: `node` is Bun where there is no other, or `--bun` says so. */
export function bunPath({process}: Caller, path: string): string {
  const isForced = process.argv.some(word => word === '--bun' || word === '-b')
  return isForced ? `${BUN_NODE}:${path}` : `${path}:${BUN_NODE}`
}

/** The shell of a script: the first of these names that PATH has, else at its usual places. */
export async function bunShell({process, isMissing}: Caller): Promise<string> {
  const path = (process.env.get('PATH') ?? '').split(':').filter(directory => directory.startsWith('/'))
  const inPath = ['bash', 'sh', 'zsh'].flatMap(name => path.map(directory => `${directory}/${name}`))
  const usual = ['bash', 'sh', 'zsh'].flatMap(name => [`/bin/${name}`, `/usr/bin/${name}`, `/usr/local/bin/${name}`])
  for (const one of [...inPath, ...usual]) if (!(await isMissing(one))) return one
  return 'sh'
}

/**
 * The text with Bun in place of other package managers, as Bun changes it before a shell sees it; undefined where that
 * depends on its version.
 */
export function bunText(text: string): string | undefined {
  const own = text
    .replace(/(^|[ "'])(?:npm|pnpm|yarn) run (?!-)/g, '$1bun run ')
    .replace(/(^|[ "'])(?:npx|pnpx|pnpm dlx) /g, '$1bun x ')
  return /(?:^|[ "'])yarn /.test(own) ? undefined : own
}

/** What of the settings in bunfig.toml keeps scripts from being followed. */
export function bunObstacle(settings = ''): string | undefined {
  if (/^\s*shell\s*=\s*["']?bun/m.test(settings)) return 'bun runs its scripts by a shell of its own'
  return /^\s*bun\s*=\s*true/m.test(settings) ? 'bun stands for node in its scripts' : undefined
}
