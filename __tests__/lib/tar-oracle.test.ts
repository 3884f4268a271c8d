import {execFileSync} from 'node:child_process'
import {
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import {join} from 'node:path'
import {beforeAll, expect, test} from '@jest/globals'
import {create, Parser, type ReadEntry} from 'tar'
import {buildTar, gnuLong} from '../../scripts/support/tar-builder.ts'
import {readTar} from '../../src/lib/tar.ts'
import {inChunks} from '../support/streams.ts'
import {seeEntries, walkTar} from '../support/tar-walk.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

let directory: string

beforeAll(() => {
  directory = temporaryFolder('oracle')
  const deep = join(directory, 'a'.repeat(60), 'b'.repeat(60), 'c'.repeat(60))
  mkdirSync(deep, {recursive: true})
  writeFileSync(join(deep, 'file'), 'deep')
  writeFileSync(join(directory, 'empty'), '')
  writeFileSync(join(directory, 'grün 😀'), 'unicode', {mode: 0o755})
  writeFileSync(join(directory, 'large'), Buffer.alloc(300_000, 'large'))
  linkSync(join(directory, 'large'), join(directory, 'linked'))
  symlinkSync('large', join(directory, 'soft'))
  symlinkSync(`${'x'.repeat(120)}/target`, join(directory, 'far'))
})

/** What is on the disk, as entries say it. */
function onDisk(names: readonly string[]): ReadonlyMap<string, object> {
  return new Map(
    names.map(name => {
      const stat = lstatSync(join(directory, name))
      const facts = stat.isSymbolicLink()
        ? {kind: 'symlink', linkName: readlinkSync(join(directory, name))}
        : stat.isDirectory()
          ? {kind: 'directory'}
          : {kind: 'file', text: readFileSync(join(directory, name)).toString('latin1')}
      return [name, {mode: stat.mode & 0o7777, ...facts}] as const
    }),
  )
}

const files = (): string[] => readdirSync(directory, {recursive: true, encoding: 'utf8'}).sort()
const plainName = (name: string | undefined): string => (name ?? '').replace(/^\.\//, '').replace(/\/$/, '')

test.each(['gnu', 'oldgnu', 'posix', 'ustar', 'v7'])('GNU tar, format %s', async format => {
  const names = files().filter(name => (format !== 'ustar' && format !== 'v7') || (name.length < 90 && name !== 'far'))
  const tar = execFileSync('tar', [`--format=${format}`, '--no-recursion', '-C', directory, '-cf', '-', ...names])
  const found = await walkTar(tar)
  expect(found.map(({name}) => plainName(name))).toEqual(names)
  const disk = onDisk(names)
  for (const entry of found) {
    // The second name of a file is a hard link.
    if (entry.kind === 'hard-link') expect(entry).toMatchObject({name: 'linked', linkName: 'large'})
    else expect(entry).toMatchObject({...disk.get(plainName(entry.name))})
  }
})

test('the npm package tar, writing', async () => {
  const names = files().filter(name => name !== 'linked')
  const stream = create({cwd: directory, portable: true, sync: true, noDirRecurse: true}, names)
  const found = await walkTar(Buffer.from(stream.read() ?? ''))
  const disk = onDisk(names)
  expect(found.map(({name}) => plainName(name))).toEqual(names)
  for (const {name, kind, linkName, text} of found) {
    const {mode: _mode, ...facts} = {mode: 0, ...disk.get(plainName(name))}
    expect({kind, linkName, text}).toMatchObject(facts)
  }
})

test('the npm package tar, reading', async () => {
  const tar = Buffer.concat([
    gnuLong('L', `${'long/'.repeat(60)}name`),
    buildTar([
      {name: 'x', content: 'of GNU'},
      {name: 'y', content: 'of PAX', pax: {path: `${'pax/'.repeat(60)}name`, mtime: '1.5'}},
      {name: 'app', prefix: 'usr/local', content: 'of ustar'},
      {name: 'dir/', type: '5'},
      {name: 'soft', type: '2', linkName: 'app', pax: {linkpath: 'grün'}},
      {name: 'hard', type: '1', linkName: 'usr/local/app'},
      {name: 'v7', format: 'v7', content: 'old'},
    ]),
  ])
  const theirs: object[] = []
  await new Promise<void>((resolve, reject) => {
    const parser = new Parser({strict: true})
    parser.on('entry', (entry: ReadEntry) => {
      const chunks: Buffer[] = []
      entry.on('data', (chunk: Buffer) => chunks.push(chunk))
      entry.on('end', () => {
        const {path, linkpath, mode, size} = entry
        theirs.push({name: path, linkName: linkpath ?? '', mode, size, text: Buffer.concat(chunks).toString('latin1')})
      })
    })
    parser.on('end', resolve)
    parser.on('error', reject)
    parser.end(tar)
  })
  const ours = await seeEntries(readTar(inChunks(tar)))
  expect(ours.map(({name, linkName, mode, size, text}) => ({name, linkName, mode, size, text}))).toEqual(theirs)
})
