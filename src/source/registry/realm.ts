import {SourceError} from '../../errors.ts'
import {isInternalAddress, isLinkLocal, isLoopback, shownUrl} from '../../net/url.ts'
import {isNamed} from './endpoint.ts'

/**
 * The URL that a registry sends us to for a token, if it may have our credentials. A registry must not be able to
 * have them sent in the clear, nor to have us knock at what only this machine can reach: plain HTTP only for
 * hosts that the user named as insecure, and only where the registry has no https either; and no address of an
 * internal network but the registry's own host.
 */
export function checkRealm(realm: string, registry: URL, insecureRegistries: readonly string[] = []): URL {
  const refuse = (why: string, hint = `Check the settings of ${registry.host}, and that its name is right.`) =>
    new SourceError('denied', `${registry.host} sends us for a token where no credentials may go: ${why}`, {hint})
  let url: URL
  try {
    url = new URL(realm, registry)
  } catch {
    throw refuse('its realm is not a URL')
  }
  const place = shownUrl(url)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refuse(`${place} is not https`)
  if (url.protocol === 'http:' && registry.protocol === 'https:') throw refuse(`${place} is not https`)
  if (url.username !== '' || url.password !== '') throw refuse(`${place} carries credentials of its own`)
  if (url.hostname === registry.hostname && !isLinkLocal(url.hostname)) return url
  const bothHere = isLoopback(url.hostname) && isLoopback(registry.hostname)
  const isMeant = isNamed(url.host, insecureRegistries) && !isLinkLocal(url.hostname)
  if (bothHere || isMeant) return url
  if (isInternalAddress(url.hostname)) throw refuse(`${place} is an internal address`)
  if (url.protocol === 'http:') {
    throw refuse(
      `${place} is not https`,
      `Allow ${url.host} with insecure-registries (--insecure-registry), too, if that is meant.`,
    )
  }
  return url
}
