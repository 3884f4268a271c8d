import {join} from 'node:path'
import {run} from './run.ts'

/** A key and a certificate, as files. */
export interface Certificate {
  readonly key: string
  readonly certificate: string
}

/** Makes an authority of our own in `folder`, which nobody knows. */
export async function makeAuthority(folder: string, name: string): Promise<Certificate> {
  const made = filesOf(folder, name)
  const subject = ['-subj', `/CN=${name}`, '-addext', 'basicConstraints=critical,CA:TRUE']
  await run('openssl', [
    'req',
    '-x509',
    ...NEW_KEY,
    '-keyout',
    made.key,
    '-out',
    made.certificate,
    '-days',
    '2',
    ...subject,
  ])
  return made
}

/** Makes a certificate for a host, which that authority vouches for. */
export async function makeCertificate(folder: string, host: string, authority: Certificate): Promise<Certificate> {
  const made = filesOf(folder, host)
  const signed = ['-CA', authority.certificate, '-CAkey', authority.key, '-days', '2']
  const subject = [
    '-subj',
    `/CN=${host}`,
    '-addext',
    `subjectAltName=DNS:${host}`,
    '-addext',
    'basicConstraints=CA:FALSE',
  ]
  await run('openssl', [
    'req',
    '-x509',
    ...NEW_KEY,
    '-keyout',
    made.key,
    '-out',
    made.certificate,
    ...signed,
    ...subject,
  ])
  return made
}

const NEW_KEY = ['-newkey', 'rsa:2048', '-nodes'] as const

function filesOf(folder: string, name: string): Certificate {
  return {key: join(folder, `${name}.key`), certificate: join(folder, `${name}.crt`)}
}
