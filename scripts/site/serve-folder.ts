import {existsSync, readFileSync, statSync} from 'node:fs'
import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import {extname, join} from 'node:path'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

/** Serves a folder below `base` on this machine alone, as GitHub Pages does: `/scan` is scan.html. */
export async function serveFolder(
  folder: string,
  base: string,
): Promise<{readonly url: string; readonly close: () => Promise<void>}> {
  const server = createServer(({url = ''}, response) => {
    const {pathname} = new URL(url, 'http://localhost')
    const path = pathname.startsWith(base) ? decodeURIComponent(pathname.slice(base.length)) : undefined
    const file = path === undefined ? undefined : fileAt(folder, path)
    if (file === undefined) response.writeHead(404).end()
    else
      response
        .writeHead(200, {'content-type': TYPES[extname(file)] ?? 'application/octet-stream'})
        .end(readFileSync(file))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  // A server that listens on a port has an address of this form.
  const {port} = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}${base}`,
    close: () => new Promise(resolve => server.close(() => resolve())),
  }
}

function fileAt(folder: string, path: string): string | undefined {
  if (path.split('/').includes('..')) return undefined
  return [path, `${path}.html`, join(path, 'index.html')]
    .map(name => join(folder, name))
    .find(name => existsSync(name) && statSync(name).isFile())
}
