import {findNotedOs, readGoBuildInfo, readNotes, readVariantEvidence} from '../binary/index.ts'
import {
  findDanglingVolumes,
  findElsewhere,
  findStandIns,
  readEssentialFiles,
  readHealthcheck,
  readShell,
  readStartup,
  type Step,
} from '../exec/index.ts'
import {withAmbiguities} from '../image/ambiguity.ts'
import {configRefusals} from '../image/config-refusals.ts'
import {entryRefusals} from '../image/engine-refusals.ts'
import type {RootFs} from '../image/rootfs.ts'
import type {EngineRefusal, PlatformImage} from '../image/source.ts'
import {defined} from '../lib/defined.ts'
import {normalisePlatform, type Platform} from '../platform/index.ts'
import {type ScanFacts, scanImage} from '../scan/index.ts'
import type {PlatformFacts, ProgramEvidence} from './facts.ts'
import {findLoadedPackages} from './loaded-packages.ts'
import type {GatherOptions} from './scope.ts'

/** Reads what starts on one platform, from its image as it stands open. */
export async function gatherPlatform(
  image: PlatformImage,
  {scope, ignore = [], limits}: GatherOptions,
): Promise<PlatformFacts> {
  const {entry, config, layers, rootfs} = image
  const input = {config, rootfs, platform: entry.platform}
  // First, so that one pass over the layers, or one export, serves all.
  const scan = scope === 'image' ? await scanImage({...input, ignore}) : undefined
  const followed = {...input, ...defined({limits})}
  const startup = await readStartup(followed)
  const healthcheck = scope === 'entrypoint' ? undefined : await readHealthcheck(followed)
  const essential = scope === 'entrypoint' ? [] : await readEssentialFiles(rootfs, entry.platform)
  const shell = scope === 'entrypoint' ? undefined : await readShell(followed)
  const steps = [...startup.steps, ...(healthcheck?.steps ?? [])]
  const programs = await gatherEvidence(steps, rootfs, entry.platform)
  const missing = missingLibraries([...steps, ...(shell?.steps ?? [])], scan)
  const elsewhere = missing.length === 0 ? undefined : await findElsewhere(rootfs, entry.platform, missing)
  const standIns = await findStandIns(rootfs, [...steps, ...(shell?.steps ?? [])])
  const addons = scan?.addons ?? []
  const loadedPackages =
    addons.length === 0
      ? undefined
      : await findLoadedPackages(startup.steps, {
          ...{rootfs, addons},
          ...{volumes: config.volumes, env: config.env, workingDir: config.workingDir || '/', user: config.user},
        })
  const refusals = await gatherRefusals(image)
  return {
    entry,
    config,
    layers,
    ...withAmbiguities(image.ambiguities ?? []),
    ...(refusals.length === 0 ? {} : {refusals}),
    startup,
    ...defined({healthcheck, shell}),
    essential,
    ...defined({scan, elsewhere, standIns: standIns.size === 0 ? undefined : standIns, loadedPackages}),
    programs,
  }
}

/**
 * Why engines do not take the image, in what order its layers were read; of other systems than Linux nothing is known.
 */
async function gatherRefusals({entry, config, rootfs, refusals}: PlatformImage): Promise<readonly EngineRefusal[]> {
  const ofImage = refusals?.() ?? []
  if (normalisePlatform(entry.platform).os !== 'linux') return ofImage
  const dangling = await findDanglingVolumes(rootfs, config.volumes)
  return [
    ...ofImage,
    ...entryRefusals(entry),
    ...configRefusals(config),
    ...dangling.map(volume => ({
      by: 'docker-cp' as const,
      problem: `its volume ${JSON.stringify(volume)} is a dangling symlink`,
    })),
  ]
}

/** The names of the libraries that a loader does not find, each once. */
function missingLibraries(steps: readonly Step[], scan: ScanFacts | undefined): readonly string[] {
  const obstacles = [...steps, ...(scan?.libraries.problems ?? [])].flatMap(({obstacle}) => obstacle ?? [])
  return [...new Set(obstacles.flatMap(one => (one.kind === 'missing-library' ? [one.library] : [])))]
}

/** PT_INTERP of what a step starts. */
function interpreterOf(step: Step | undefined): string | undefined {
  return step?.identity?.kind === 'elf' ? step.identity.interpreter?.path : undefined
}

/** Reads on in the programs that start: what Go or the toolchain recorded in them. */
async function gatherEvidence(
  steps: readonly Step[],
  rootfs: RootFs,
  platform: Platform,
): Promise<readonly ProgramEvidence[]> {
  const evidence = new Map<string, ProgramEvidence>()
  for (const {node, identity, role, from} of steps) {
    if (node === undefined || identity?.kind !== 'elf' || evidence.has(node.path)) continue
    const file = await rootfs.open(node)
    const go = await readGoBuildInfo(identity, file)
    const beyond = new Set<string>()
    const onBeyond = (reason: string): void => void beyond.add(reason)
    const variant = await readVariantEvidence(identity, file, platform, {
      role: role === 'loader' ? 'loader' : 'program',
      ...defined({go, loadedBy: role === 'library' ? interpreterOf(steps[from ?? -1]) : undefined}),
      onBeyond,
    })
    const noted = findNotedOs(await readNotes(identity, file, onBeyond), identity.header.data)
    const unread = beyond.size === 0 ? {} : {beyond: [...beyond]}
    evidence.set(node.path, {path: node.path, ...defined({go, noted}), variant, ...unread})
  }
  return [...evidence.values()]
}
