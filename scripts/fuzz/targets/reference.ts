import {parseLocation} from '../../../src/image/location.ts'
import {parseReference, referenceTo} from '../../../src/image/reference.ts'
import {type FuzzTarget, holds, texts} from '../target.ts'

const DIGEST = `sha256:${'ab'.repeat(32)}`

/** `oci:DIR` and its like are names with a tag, too. */
const TRANSPORT = /^[a-z-]+:/

/** Image references, and locations as users write them. */
export const target: FuzzTarget = {
  name: 'reference',
  seeds: () =>
    texts(
      'alpine',
      'ghcr.io/owner/app:1.2.3',
      `localhost:5000/a/b_c@${DIGEST}`,
      `docker://[fd00::1]:5000/a:b@${DIGEST}`,
      'index.docker.io/library/alpine',
      'oci:layouts/app:latest',
      'docker-archive:C:\\images\\app.tar:app:1',
      'oci-archive:app.tar',
      'docker-daemon:app:dev',
      'https://example.com/a',
    ),
  limit: 600,
  millisecondsPerKiB: 20,
  run: input => {
    const text = Buffer.from(input).toString('utf8')
    const parsed = parseReference(text)
    if (parsed.ok) checkReference(text, parsed.value)
    const location = parseLocation(text)
    holds(!parsed.ok || location.ok || TRANSPORT.test(text), 'a reference is a location')
    return [parsed, location]
  },
}

function checkReference(
  text: string,
  reference: Extract<ReturnType<typeof parseReference>, {ok: true}>['value'],
): void {
  const {name, domain, path, tag, digest} = reference
  const written = `${name}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`
  holds(written === text, `the parts of a reference make it: ${written}`)
  const full = parseReference(`${domain}/${path}`)
  holds(full.ok || `${domain}/${path}`.length > 255, 'the full name is a reference')
  holds(!full.ok || (full.value.domain === domain && full.value.path === path), 'the full name means the same')
  if (digest === undefined) return
  const other = parseReference(referenceTo(reference, digest))
  holds(other.ok && other.value.path === path && other.value.tag === undefined, 'a manifest beside it has its name')
}
