import {SourceError} from '../../errors.ts'
import {isInternalAddress, isLinkLocal, isLoopback, shownUrl} from './url.ts'

/**
 * The URL that a registry sends us to for a token, if it may have our credentials. A registry must not be able to have them sent in the clear, nor to have us knock
 * at what only this machine can reach: https where the registry has https, and no address of an internal network but the registry's own host.
 */
export function checkRealm(realm: string, registry: URL): URL {
  const refuse = (why: string): SourceError =>
    new SourceError('denied', `${registry.host} sends us for a token where no credentials may go: ${why}`)
  let url: URL
  try {
    url = new URL(realm, registry)
  } catch {
    throw refuse('its realm is no URL')
  }
  const place = shownUrl(url)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refuse(`${place} is not https`)
  if (url.protocol === 'http:' && registry.protocol === 'https:') throw refuse(`${place} is not https`)
  if (url.username !== '' || url.password !== '') throw refuse(`${place} carries credentials of its own`)
  if (url.hostname === registry.hostname && !isLinkLocal(url.hostname)) return url
  const bothHere = isLoopback(url.hostname) && isLoopback(registry.hostname)
  if (isInternalAddress(url.hostname) && !bothHere) throw refuse(`${place} is an internal address`)
  return url
}
