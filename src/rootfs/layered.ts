import {type RootFs, surveyByOpening} from '../image/rootfs.ts'
import {settleAll} from '../lib/cleanup.ts'
import {createLimiter} from '../lib/concurrency.ts'
import {type ContentBudget, keptContents} from './contents.ts'
import {Layer} from './layer.ts'
import type {LayerBlob} from './layer-blob.ts'
import {pathComponents} from './layer-tree.ts'
import type {Rehearsal} from './rehearsal.ts'
import {resolveIn, type View} from './view.ts'
import {walkFiles} from './walk.ts'

export interface LayeredRootFsOptions {
  /** What may stay in memory of files' contents; CONTENT_BUDGET, and the one file that was asked for last, where nothing is said. */
  readonly budget?: Partial<ContentBudget>
  /** Where it is given, what it reads of a program is kept instead of the whole. */
  readonly rehearsal?: Rehearsal
}

/**
 * The root filesystem that layers (from the bottom) make, seen without unpacking them. They are read from the top down, each only when a
 * question reaches it, once, and to its end; each then takes some hundred bytes of memory per entry. Layers are stacked as overlayfs stacks
 * what containerd or Docker unpack: see MergedDirectory. Whatever of a layer cannot be read is thrown as a SourceError.
 */
export function layeredRootFs(layers: readonly LayerBlob[], options: LayeredRootFsOptions = {}): RootFs {
  const wanted = new Set<string>()
  const context = {kept: keptContents(options.budget ?? {}), wanted, rehearsal: options.rehearsal}
  const view: View = {layers: layers.map((blob, index) => new Layer(blob, index, context)), top: layers.length - 1}
  const onTarget = (path: string): void => {
    wanted.add(pathComponents(path).join('/'))
  }
  const rootfs: RootFs = {
    lookup: async path => (await resolveIn(view, path, {onTarget})).lookup,
    async open({path, kind}) {
      // The path has no symlink in it, so it leads to the same file again.
      const {file} = await resolveIn(view, path, {followLast: false})
      const layer = view.layers[file?.contentLayer ?? -1]
      if (!file || !layer || file.node.kind !== 'file') {
        throw new Error(`${path} is no regular file of this root filesystem but a ${kind}`)
      }
      return layer.open(file.node)
    },
    async *files() {
      // All layers are needed: while one is read the next is on its way.
      const limiter = createLimiter(AT_ONCE)
      await settleAll(view.layers.toReversed().map(layer => limiter(() => layer.tree())))
      yield* walkFiles(view)
    },
    survey: inspection => surveyByOpening(rootfs, inspection),
  }
  return rootfs
}

const AT_ONCE = 2
