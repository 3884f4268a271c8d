import type {Inspection, RootFs, Surveyed} from '../../src/image/rootfs.ts'

/** A survey of files that can be opened at will, one after the other. */
export async function* surveyByOpening<T>(
  rootfs: Pick<RootFs, 'files' | 'open'>,
  inspection: Inspection<T>,
): AsyncGenerator<Surveyed<T>, void, undefined> {
  for await (const node of rootfs.files()) {
    const result = node.kind === 'file' ? await inspection.inspect(node, await rootfs.open(node)) : undefined
    yield {node, result}
  }
}
