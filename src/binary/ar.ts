import {decodeText} from '../lib/byte-view.ts'
import type {ArIdentity} from './identity.ts'

export const AR_MAGIC = '!<arch>\n'
export const THIN_AR_MAGIC = '!<thin>\n'

/** struct ar_hdr, in bytes: name[16], date[12], uid[6], gid[6], mode[8], size[10], fmag[2]. */
const HEADER_SIZE = 60

/**
 * What an ar archive is, by its first member: `__.PKGDEF` is a Go package (cmd/internal/archive), whose first line
 * reads `go object GOOS GOARCH VERSION …`; `debian-binary` is a Debian package; all others are static libraries.
 */
export function identifyAr(head: Uint8Array): ArIdentity {
  const text = decodeText(head.subarray(AR_MAGIC.length))
  if (text.startsWith('debian-binary')) return {kind: 'ar', flavour: 'debian-package'}
  if (!text.startsWith('__.PKGDEF')) return {kind: 'ar', flavour: 'static-library'}
  const line = /^go object (\S{1,32}) (\S{1,32}) (\S{1,64})/.exec(text.slice(HEADER_SIZE))
  const [, goos, goarch, version] = line ?? []
  return goos && goarch && version
    ? {kind: 'ar', flavour: 'go-package', go: {goos, goarch, version}}
    : {kind: 'ar', flavour: 'go-package'}
}
