import {readdir, readFile} from 'node:fs/promises'
import {join} from 'node:path'
import type {TlsSettings} from './http.ts'

const CERTS = '/etc/docker/certs.d'

/**
 * What Docker has in /etc/docker/certs.d/HOST:PORT: `*.crt` are authorities to trust beside the usual ones, `NAME.cert`
 * and `NAME.key` say who we are. https://docs.docker.com/engine/security/certificates/
 */
export async function readTlsSettings(host: string, folder = CERTS): Promise<TlsSettings> {
  const directory = join(folder, host)
  const names = (await readdir(directory).catch(() => [])).sort()
  const authorities = names.filter(name => name.endsWith('.crt'))
  const cert = names.find(name => name.endsWith('.cert'))
  const key = cert && names.find(name => name === cert.replace(/\.cert$/, '.key'))
  if (authorities.length === 0 && key === undefined) return {}
  const {rootCertificates} = await import('node:tls')
  const read = (name: string): Promise<string> => readFile(join(directory, name), 'utf8')
  return {
    ...(authorities.length > 0 ? {ca: [...rootCertificates, ...(await Promise.all(authorities.map(read)))]} : {}),
    ...(cert !== undefined && key !== undefined ? {cert: await read(cert), key: await read(key)} : {}),
  }
}
