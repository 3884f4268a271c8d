import type {Background, BuildRecords} from './background.ts'
import {askBaseImages, type BaseImageOptions} from './base-images.ts'
import {findProvenanceDockerfiles, type WorkspaceOptions} from './provenance-dockerfiles.ts'

export interface BackgroundOptions extends BaseImageOptions, WorkspaceOptions {}

/** Asks registries and the workspace for what the build records name. */
export async function gatherBackground(records: BuildRecords, options: BackgroundOptions): Promise<Background> {
  const all = [...records.values()]
  const bases = await askBaseImages(all, options)
  return {records, bases, dockerfiles: await findProvenanceDockerfiles(all, options)}
}
