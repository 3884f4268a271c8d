import {createAddonCollector} from '../addons/index.ts'
import {readCommand} from '../exec/index.ts'
import type {ImageConfig} from '../image/config.ts'
import type {RootFs} from '../image/rootfs.ts'
import {defined} from '../lib/defined.ts'
import {baseName} from '../lib/paths.ts'
import type {Platform} from '../platform/index.ts'
import {findAddons, nativeFile} from './addons.ts'
import {createCollector} from './collect.ts'
import type {ScanFacts} from './facts.ts'
import type {IgnoreEntry} from './ignore.ts'
import {commandsOf, findInPath, findPathLinks} from './in-path.ts'
import {findLibraryProblems} from './libraries.ts'
import {findOutsidePath} from './outside-path.ts'
import {pathElements, resolvePlaces} from './places.ts'
import {scanInspection} from './seen.ts'
import {createSnapshot} from './snapshot.ts'
import {sortOut, surroundingsOf} from './sort-out.ts'

export interface ScanInput {
  readonly rootfs: RootFs
  readonly config: ImageConfig
  readonly platform: Platform
  readonly ignore: readonly IgnoreEntry[]
}

/**
 * Walks through every file of a platform's image once, and says which are not of its machine, which of those are
 * meant to be there and why, and what of PATH would not start. What the startup chain says of a file is said there
 * as well: the scan knows nothing of it.
 */
export async function scanImage({rootfs, config, platform, ignore}: ScanInput): Promise<ScanFacts> {
  const {env, runtimes} = readCommand(config)
  const snapshot = createSnapshot(rootfs)
  const collector = createCollector(platform, snapshot, pathElements(env.get('PATH') ?? ''))
  const addons = createAddonCollector()
  for await (const {node, result} of rootfs.survey(scanInspection(platform))) {
    if (result?.kind === 'java-archive') {
      collector.add(node, result.seen)
      addons.addJar(node.path, result.natives)
    } else if (result === undefined || result.kind === 'elf' || result.kind === 'other') {
      collector.add(node, result)
      addons.addFile(node, result && nativeFile(result))
    } else {
      collector.add(node, undefined)
      addons.addText(node.path, result)
    }
  }
  const collection = collector.finish()
  const places = await resolvePlaces(snapshot.rootfs, platform, env)
  const links = await findPathLinks(collection, snapshot.rootfs, places)
  const inPath = findInPath(collection, links, places)

  const surroundings = surroundingsOf(collection, {platform, places})
  const verdicts = sortOut(collection, {platform, places, inPath, ignore, surroundings})
  const programs = [...inPath.keys()].sort().flatMap(path => collection.own.get(path) ?? [])
  const native = programs.filter(({seen}) => seen.fit === 'native')
  // A library of another machine is passed over by what was seen of it; opening it could mean to read its layer again.
  const foreign = new Map(collection.others.flatMap(({node, seen}) => (seen.kind === 'elf' ? [[node.path, seen]] : [])))
  const names = new Set([...collection.own.keys(), ...collection.links.map(({path}) => path)].map(baseName))
  const {programs: followed, problems} = await findLibraryProblems({
    rootfs: snapshot.rootfs,
    platform,
    command: {env, runtimes},
    programs: native,
    outside: findOutsidePath(collection, inPath, surroundings),
    isThere: name => names.has(name),
    seenAt: path => collection.own.get(path)?.seen ?? foreign.get(path),
  })
  const missing = await findAddons({
    listing: addons.finish(),
    collection,
    platform,
    env,
    command: [...config.entrypoint, ...config.cmd],
    workingDir: config.workingDir || '/',
    rootfs,
    snapshot: snapshot.rootfs,
  })
  const kept = problems.filter(({path}) => !verdicts.isIgnored(path, inPath.get(path)?.link))
  return {
    files: collection.files,
    machines: [...collection.machines]
      .map(([machine, count]) => ({machine, count}))
      .sort((a, b) => b.count - a.count || (a.machine < b.machine ? -1 : 1)),
    foreign: verdicts.foreign,
    notPrograms: verdicts.notPrograms,
    beyond: collection.beyond,
    libraries: {programs: followed, problems: kept},
    addons: missing.filter(({directory}) => !verdicts.isIgnored(directory, undefined)),
    suppressed: verdicts.suppressed(),
    unpaired: verdicts.unpaired,
    named: verdicts.named,
    ignored: verdicts.ignored(),
    ...defined({content: collection.content}),
    commands: commandsOf(collection, links, places),
    pathPrograms: {
      native: native.length,
      all: programs.length + verdicts.foreign.filter(({place, fit}) => place === 'path' && fit === 'foreign').length,
    },
  }
}
