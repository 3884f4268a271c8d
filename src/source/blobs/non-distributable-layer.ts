import {SourceError} from '../../errors.ts'
import {isNonDistributable} from '../../image/media-type.ts'
import type {Descriptor} from '../../image/source.ts'

/** So many places are reported. */
const TOLD = 3
/** In characters: what an image says may be of any length. */
const PLACE_LIMIT = 100

/**
 * Why a layer is not available, where it need not be: `thrown`, or that a non-distributable layer is only
 * where its `urls` point to. They are not followed: an image could have this machine ask whatever it can reach, a
 * cloud's metadata service among it. The image is not wrong, it cannot be checked.
 */
export function absentNonDistributableLayer({mediaType, digest, urls = []}: Descriptor, thrown: unknown): unknown {
  if (!(thrown instanceof SourceError) || thrown.code !== 'blob-missing' || !isNonDistributable(mediaType))
    return thrown
  const places = urls.slice(0, TOLD).map(placeOf)
  const where = places.length === 0 ? '' : `; its urls name ${places.join(', ')}, which are not followed`
  return new SourceError('unsupported', `layer ${digest} is non-distributable (${mediaType}) and is not here${where}`, {
    hint: 'Push the layer together with the image, or build on a base without non-distributable layers.',
    cause: thrown,
  })
}

/** The host only: a path may carry what is nobody's concern. */
function placeOf(url: string): string {
  const host = URL.canParse(url) ? new URL(url).host : ''
  return host === '' ? JSON.stringify(url.slice(0, PLACE_LIMIT)) : host.slice(0, PLACE_LIMIT)
}
