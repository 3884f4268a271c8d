import {readServer} from '../../src/addons/httpd/read-server.ts'
import {readNginxBuild} from '../../src/addons/nginx/nginx-build.ts'
import {type MemoryTree, memoryRootfs} from '../support/memory-rootfs.ts'
import {type Edges, FINE} from './edge.ts'

/** Whether what the last file loads is seen. */
async function readTo(files: MemoryTree): Promise<string> {
  return (await readServer(memoryRootfs(files), '/f0', '/')).length > 0 ? FINE : 'not seen'
}

/** So many files, of which the first includes all others. */
async function sideBySide(count: number): Promise<string> {
  const names = Array.from({length: count - 1}, (_, at) => `/f${at + 1}`)
  const files = names.map((name, at) => [name, at === names.length - 1 ? 'LoadFile a.so' : ''])
  return readTo({'/f0': names.map(name => `Include ${name}`).join('\n'), ...Object.fromEntries(files)})
}

/** So many files behind the first, each included by the one before. */
async function oneByOne(count: number): Promise<string> {
  const files = Array.from({length: count}, (_, at) => [`/f${at}`, `Include f${at + 1}`])
  return readTo({...Object.fromEntries(files), [`/f${count}`]: 'LoadFile a.so'})
}

/** A program of so many bytes. */
async function program(bytes: number): Promise<string> {
  const content = Buffer.alloc(bytes)
  content.write('configure arguments: --prefix=/x\n', bytes - 40, 'latin1')
  const build = await readNginxBuild(memoryRootfs({'/nginx': content}), '/nginx')
  return build?.prefix === '/x' ? FINE : 'not seen'
}

/** The limits on what is read of the configuration of servers. */
export const SERVER_EDGES: Edges = {
  'configuration-files': {look: sideBySide, beyond: 'not seen'},
  'configuration-levels': {look: oneByOne, beyond: 'not seen'},
  'server-program-bytes': {look: program, beyond: 'not seen'},
}
