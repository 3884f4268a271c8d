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
  await make(made, subject)
  return made
}

/** Makes a certificate for a host, signed by that authority. */
export async function makeCertificate(folder: string, host: string, authority: Certificate): Promise<Certificate> {
  const made = filesOf(folder, host)
  const signed = ['-CA', authority.certificate, '-CAkey', authority.key]
  const subject = [
    '-subj',
    `/CN=${host}`,
    '-addext',
    `subjectAltName=DNS:${host}`,
    '-addext',
    'basicConstraints=CA:FALSE',
  ]
  await make(made, [...signed, ...subject])
  return made
}

async function make({key, certificate}: Certificate, more: readonly string[]): Promise<void> {
  const files = ['-keyout', key, '-out', certificate]
  await run('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...files, ...more])
}

function filesOf(folder: string, name: string): Certificate {
  return {key: join(folder, `${name}.key`), certificate: join(folder, `${name}.crt`)}
}
