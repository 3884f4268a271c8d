import {mkdir, rm, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import type {Store} from '../../e2e/ground/engine.ts'
import type {Ground} from '../../e2e/ground/ground.ts'
import {engineTree} from '../../e2e/support/engine-tree.ts'
import type {ArchiveCase} from './archives.ts'
import type {Seen} from './compare.ts'
import type {MeaningCase} from './documents.ts'
import {type EngineView, savedByEngine, viewByEngine, viewLoaded} from './engine-view.ts'
import {type OurView, viewByUs} from './our-view.ts'
import type {RawImage} from './raw-image.ts'
import type {RawRegistry} from './raw-registry.ts'

/** What engines are asked for: those of the tests run on it. */
const PLATFORM = {os: 'linux', architecture: 'amd64', variant: ''}
/** Of an image whose files alone are looked at. */
const NOTHING = {os: '', architecture: '', variant: '', diffIds: [], process: {}}

/** Where cases are tried. */
export interface Place {
  readonly ground: Ground
  readonly registry: RawRegistry
}

/**
 * Has both image stores and our sources look at an image in a registry; `saving`: at what the stores save of it, too.
 */
export async function lookAtImage(
  {ground, registry}: Place,
  name: string,
  made: MeaningCase,
  saving: boolean,
): Promise<Seen> {
  const image = registry.push(name, made.image)
  const folder = join(ground.scratch, name.replace('/', '-'))
  await writeLayout(folder, made.image)
  const required = made.kind === 'index' ? [PLATFORM] : undefined
  const withTree = made.kind === 'layers'
  const [classic, containerd, fromRegistry, fromLayout] = await Promise.all([
    view(ground, 'classic', image, made),
    view(ground, 'containerd', image, made),
    viewByUs(`docker://${image}`, required, withTree),
    viewByUs(`oci:${folder}`, required, withTree),
  ])
  await rm(folder, {recursive: true})
  const engines = {classic, containerd}
  const saved: Partial<Record<Store, OurView>> = {}
  for (const store of saving ? (['classic', 'containerd'] as const) : []) {
    if (engines[store].outcome !== 'created') continue
    const platform = made.kind === 'index' ? 'linux/amd64' : undefined
    const archive = await savedByEngine(ground.engines[store], image, platform)
    if (!archive) continue
    const file = `${folder}-${store}.tar`
    await writeFile(file, archive)
    saved[store] = await viewByUs(`docker-archive:${file}`, required, withTree).finally(() => rm(file))
  }
  return {of: made, engines, ours: {registry: fromRegistry, layout: fromLayout}, saved}
}

/** Has both image stores load an archive, and our sources read it. */
export async function lookAtArchive({ground}: Place, name: string, made: ArchiveCase): Promise<Seen> {
  const file = join(ground.scratch, `${name.replace('/', '-')}.tar`)
  await writeFile(file, made.tar)
  const {classic, containerd} = ground.engines
  const [byClassic, byContainerd, ...ours] = await Promise.all([
    viewLoaded(classic, made.tar, made.name),
    viewLoaded(containerd, made.tar, made.name),
    ...(made.hasList ? [viewByUs(`docker-archive:${file}:${made.name}`, undefined)] : []),
    ...(made.isLayout ? [viewByUs(`oci-archive:${file}:1`, undefined)] : []),
  ])
  await rm(file)
  const [first, second] = ours
  const named = {
    ...(made.hasList && first ? {'docker-archive': first} : {}),
    ...(made.isLayout ? {'oci-archive': (made.hasList ? second : first) ?? NOTHING_SEEN} : {}),
  }
  return {of: made, engines: {classic: byClassic, containerd: byContainerd}, ours: named, saved: {}}
}

const NOTHING_SEEN: OurView = {errors: [], warnings: [], failure: 'nothing was read', processes: []}

/** A request that does not arrive says nothing of the image, and is made once more. */
async function view(ground: Ground, store: Store, image: string, made: MeaningCase): Promise<EngineView> {
  const seen = await viewOnce(ground, store, image, made)
  const isLost = seen.outcome === 'refused' && /dial tcp|connection re|failed to do request/.test(seen.reason)
  return isLost ? viewOnce(ground, store, image, made) : seen
}

async function viewOnce(
  {engines, scratch}: Ground,
  store: Store,
  image: string,
  {kind}: MeaningCase,
): Promise<EngineView> {
  if (kind !== 'layers') return viewByEngine(engines[store], image, kind === 'index' ? 'linux/amd64' : undefined)
  const tree = await engineTree(engines[store], image, join(scratch, `${store}-${image.split('/').at(-1)}`))
  if (typeof tree.refused === 'string') return {outcome: 'refused', at: 'pull', reason: tree.refused}
  return {outcome: 'created', image: NOTHING, tree}
}

/** https://github.com/opencontainers/image-spec/blob/main/image-layout.md */
async function writeLayout(folder: string, {root, blobs}: RawImage): Promise<void> {
  const place = join(folder, 'blobs', 'sha256')
  await mkdir(place, {recursive: true})
  const {mediaType, digest, bytes} = root
  const index = {schemaVersion: 2, manifests: [{mediaType, digest, size: bytes.length}]}
  await writeFile(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
  await writeFile(join(folder, 'index.json'), JSON.stringify(index))
  for (const blob of [root, ...blobs]) await writeFile(join(place, blob.digest.slice('sha256:'.length)), blob.bytes)
}
