import type {StandIn} from '../../exec/index.ts'
import {defined} from '../../lib/defined.ts'
import type {Evidence} from '../finding.ts'

/** What a finding says of what stands in place of a missing file. */
export interface ToldStandIn {
  /** The end of the message. */
  readonly clause: string
  readonly fix: string
  readonly evidence: Evidence
  /** What brought what is wrong. */
  readonly layer?: number
}

/** Says what is there instead of the missing file, and what mends it. */
export function describeStandIn(missing: string, standIn: StandIn): ToldStandIn {
  if (standIn.kind === 'alike') {
    const {paths} = standIn
    const [first = ''] = paths
    return {
      clause: `; the image has ${paths.join(', ')}`,
      fix: `Copy the file under the name that starts: COPY … ${missing}, or name ${first} in its place.`,
      evidence: {instead: paths},
    }
  }
  const {directory, layer, path} = standIn
  const by = layer === undefined ? 'a directory stands' : `layer ${layer} put a directory`
  const link = `the link ${directory} -> usr${directory}`
  return {
    clause: `; the image has ${path}: ${by} ${layer === undefined ? 'in place of' : 'over'} ${link}`,
    fix: `Copy into /usr${directory} instead of ${directory}: a layer or an archive with a directory ${directory} of its own hides ${link}.`,
    evidence: {instead: [path], directory},
    ...defined({layer}),
  }
}
