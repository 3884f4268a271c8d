import {readdir} from 'node:fs/promises'
import {describe, expect, test} from '@jest/globals'
import {program} from '../../../scripts/kernel/elf.ts'
import {buildTar, type TarItem} from '../../../scripts/support/tar-builder.ts'
import {copiedContent, fileContent, START_HELD, seeFile, takeStart} from '../../../src/source/docker/container-files.ts'
import {containerRootFs} from '../../../src/source/docker/container-rootfs.ts'
import {type Answer, SPOOLING, scriptedDocker} from '../../support/scripted-docker.ts'
import {temporaryFolder} from '../../support/temporary-folder.ts'

const BIG = new Uint8Array(600_000).map((_, index) => index % 251)

/**
 * A container with these files, as `docker cp` shows them: without -L the entry
 * itself, and a directory with what is below.
 */
function container(files: Readonly<Record<string, TarItem>>) {
  return scriptedDocker(command => {
    const [, ...args] = command.split(' ')
    const path = args.find(arg => arg.startsWith('c1:'))?.slice(3) ?? ''
    const item = files[path]
    return item === undefined
      ? {stderr: `Error response from daemon: Could not find the file ${path} in container c1`}
      : buildTar([item, ...(item.type === '5' ? [{name: `${item.name}/more`, content: 'x'}] : [])])
  })
}

const FILES: Readonly<Record<string, TarItem>> = {
  '/bin': {name: 'bin', type: '2', linkName: 'usr/bin', mode: 0o777},
  '/usr': {name: 'usr', type: '5', mode: 0o755},
  '/usr/bin': {name: 'bin', type: '5', mode: 0o755},
  '/usr/bin/app': {name: 'app', content: BIG, mode: 0o4755, uid: 1000, gid: 50},
  '/bin/app': {name: 'app', content: BIG, mode: 0o4755, uid: 1000, gid: 50},
}

test('a file is seen with its mode and owner', async () => {
  const {cli} = container(FILES)
  expect(await seeFile(cli, 'c1', '/usr/bin/app')).toMatchObject({
    node: {path: '/usr/bin/app', kind: 'file', mode: 0o4755, uid: 1000, gid: 50, size: BIG.length},
  })
  expect(await seeFile(cli, 'c1', '/bin')).toMatchObject({node: {kind: 'symlink', target: 'usr/bin'}})
  expect(await seeFile(cli, 'c1', '/nothing')).toBeUndefined()
})

test('content is read without another docker cp while it was kept, and else with one', async () => {
  const {cli, asked} = container(FILES)
  const seen = await seeFile(cli, 'c1', '/usr/bin/app')
  if (seen === undefined || seen === 'cannot-copy') throw new Error('not seen')
  const content = fileContent(seen, {
    start: async (node, length) => {
      const copied = await copiedContent(cli, 'c1', node, takeStart(node, length))
      if (copied === 'cannot-copy') throw new Error('not copied')
      return copied
    },
    part: async () => {
      throw new Error('it is not large')
    },
  })
  expect(await content.read(100, 50)).toEqual(BIG.slice(100, 150))
  expect(asked).toEqual(['cp c1:/usr/bin/app -'])
  expect(await content.read(500_000, 50)).toEqual(BIG.slice(500_000, 500_050))
  expect(await content.read(599_990, 50)).toEqual(BIG.slice(599_990))
  expect(asked).toEqual(['cp c1:/usr/bin/app -', 'cp -L c1:/usr/bin/app -'])
  expect(await content.read(600_000, 1)).toEqual(new Uint8Array())
})

test('a name with a NUL byte is nowhere, and nobody is asked', async () => {
  const {cli, asked} = container(FILES)
  expect(await seeFile(cli, 'c1', '/bin/app\0')).toBeUndefined()
  expect(asked).toEqual([])
})

describe('a failure is no absence', () => {
  test.each<[string, Answer]>([
    ['the daemon is gone', {stderr: 'Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?'}],
    ['something new', {stderr: 'Error response from daemon: something new'}],
    ['an empty archive', buildTar([])],
    ['nothing at all', ''],
  ])('%s', async (_, answer) => {
    const {cli} = scriptedDocker(() => answer)
    await expect(seeFile(cli, 'c1', '/app')).rejects.toMatchObject({name: 'SourceError'})
  })

  test('a stream that is cut off', async () => {
    const {cli} = scriptedDocker(() => buildTar([{name: 'app', content: 'x'.repeat(2000)}]).subarray(0, 1000))
    await expect(seeFile(cli, 'c1', '/app')).rejects.toMatchObject({code: 'unavailable'})
  })
})

describe('the root filesystem of a container', () => {
  test('follows links itself, and tells each', async () => {
    const {cli} = container(FILES)
    expect(await containerRootFs(cli, 'c1', SPOOLING).lookup('/bin/app')).toMatchObject({
      outcome: 'found',
      node: {path: '/usr/bin/app'},
      hops: [{path: '/bin', target: 'usr/bin'}],
      through: [{path: '/'}, {path: '/usr'}, {path: '/usr/bin'}],
    })
  })

  test('asks for each path once', async () => {
    const {cli, asked} = container(FILES)
    const rootfs = containerRootFs(cli, 'c1', SPOOLING)
    await rootfs.lookup('/usr/bin/app')
    await rootfs.lookup('/usr/bin/app')
    await rootfs.lookup('/usr/bin/other')
    expect(asked).toEqual(['/usr', '/usr/bin', '/usr/bin/app', '/usr/bin/other'].map(path => `cp c1:${path} -`))
  })

  test('tells what is missing, and what is not a directory', async () => {
    const {cli} = container(FILES)
    const rootfs = containerRootFs(cli, 'c1', SPOOLING)
    expect(await rootfs.lookup('/usr/sbin/app')).toMatchObject({outcome: 'missing', at: '/usr/sbin'})
    expect(await rootfs.lookup('/usr/bin/app/x')).toMatchObject({outcome: 'not-a-directory', at: '/usr/bin/app'})
  })
})

describe('a container that the engine copies nothing out of', () => {
  const PROGRAM = program({})
  const LONG = new Uint8Array(9 * 1024 * 1024).map((_, index) => index % 251)
  const exported = buildTar([
    {name: 'bin', type: '2', linkName: 'usr/bin'},
    {name: 'usr/', type: '5', mode: 0o755},
    {name: 'usr/bin/', type: '5', mode: 0o755},
    {name: 'usr/bin/app', content: PROGRAM, mode: 0o755},
    {name: 'usr/bin/long', content: LONG},
    {name: 'usr/bin/other', type: '1', linkName: 'usr/bin/long'},
  ])
  const refusing = (reason: string) =>
    scriptedDocker(command => (command === 'export c1' ? exported : {stderr: `Error response from daemon: ${reason}`}))

  test.each([
    "make destination relative: Rel: can't make data relative to /",
    'mkdirat data: file exists',
    'evalSymlinksInScope: too many links in /x',
  ])('is read by what it exports: %s', async reason => {
    const {cli, asked} = refusing(reason)
    const rootfs = containerRootFs(cli, 'c1', SPOOLING)
    const found = await rootfs.lookup('/bin/app')
    if (found.outcome !== 'found') throw new Error('not found')
    const content = await rootfs.open(found.node)
    expect(await content.read(0, content.size)).toEqual(PROGRAM)
    expect(await rootfs.lookup('/bin/none')).toMatchObject({outcome: 'missing', at: '/usr/bin/none'})
    expect(asked).toEqual(['cp c1:/bin -', 'export c1'])
  })

  test('has contents that were not kept, under each of their names', async () => {
    const {cli, asked} = refusing('mkdirat data: file exists')
    const rootfs = containerRootFs(cli, 'c1', SPOOLING)
    for (const path of ['/usr/bin/long', '/usr/bin/other']) {
      const found = await rootfs.lookup(path)
      if (found.outcome !== 'found') throw new Error('not found')
      const content = await rootfs.open(found.node)
      expect(await content.read(LONG.length - 5, 5)).toEqual(LONG.slice(-5))
    }
    expect(new Set(asked)).toEqual(new Set(['cp c1:/usr -', 'export c1']))
  })

  test('that exports nothing either cannot be read', async () => {
    const {cli} = scriptedDocker(() => ({stderr: 'Error response from daemon: mkdirat data: file exists'}))
    await expect(containerRootFs(cli, 'c1', SPOOLING).lookup('/bin/app')).rejects.toMatchObject({name: 'SourceError'})
  })
})

describe('a file of which not all is to be in memory', () => {
  const size = START_HELD + 1000
  const content = new Uint8Array(size)
  content.set(Buffer.from('start'))
  content.set(Buffer.from('end'), size - 3)
  const tar = buildTar([{name: 'large', content, mode: 0o755}])
  const node = {path: '/large', kind: 'file', mode: 0o755, uid: 0, gid: 0, size} as const
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString()

  test.each([
    ['by docker cp', () => tar, ['cp c1:/large -', 'cp -L c1:/large -']],
    [
      'by docker export, where the engine copies nothing',
      (command: string) =>
        command === 'export c1' ? tar : {stderr: 'Error response from daemon: mkdirat x: file exists'},
      ['cp c1:/large -', 'export c1', 'export c1'],
    ],
  ])('is copied to disk once, without a name there: %s', async (_, answer, commands) => {
    const {cli, asked} = scriptedDocker(answer)
    const folder = temporaryFolder('large')
    const rootfs = containerRootFs(cli, 'c1', {...SPOOLING, folder})
    expect(await rootfs.lookup('/large')).toMatchObject({outcome: 'found', node: {size}})
    const file = await rootfs.open(node)
    expect(text(await file.read(0, 5))).toBe('start')
    expect([text(await file.read(size - 3, 99)), text(await file.read(size - 2, 1))]).toEqual(['end', 'n'])
    expect(text(await (await rootfs.open(node)).read(size - 3, 3))).toBe('end')
    expect(asked).toEqual(commands)
    expect(await readdir(folder)).toEqual([])
    await rootfs.close()
  })

  test('is an error where docker gives less of it than before', async () => {
    const {cli} = scriptedDocker(command =>
      command.startsWith('cp -L') ? buildTar([{name: 'large', content: 'short'}]) : tar,
    )
    const rootfs = containerRootFs(cli, 'c1', {...SPOOLING, folder: temporaryFolder('large')})
    await rootfs.lookup('/large')
    const file = await rootfs.open(node)
    const shorter = {code: 'unavailable', message: expect.stringContaining('docker gave 5 bytes of /large')}
    await expect(file.read(size - 3, 3)).rejects.toMatchObject(shorter)
    await expect(file.read(1_000_000, 3)).rejects.toMatchObject(shorter)
  })

  test('is an error where it cannot be written', async () => {
    const {cli} = scriptedDocker(() => tar)
    const rootfs = containerRootFs(cli, 'c1', SPOOLING)
    await rootfs.lookup('/large')
    await expect((await rootfs.open(node)).read(size - 3, 3)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('/nowhere'),
    })
  })
})

describe('a directory', () => {
  const listing = buildTar([
    {name: 'sv', type: '5'},
    {name: 'sv/b', type: '5'},
    {name: 'sv/b/run', content: 'two', mode: 0o755},
    {name: 'sv/a', content: 'one'},
    {name: 'sv/big', content: BIG},
    {name: 'sv/same', type: '1', linkName: 'sv/a'},
  ])

  test('is listed by one docker cp, and small files in it cost no more', async () => {
    const {cli, asked} = scriptedDocker(() => listing)
    const rootfs = containerRootFs(cli, 'c1', SPOOLING)
    const directory = {path: '/sv', kind: 'directory', mode: 0o755, uid: 0, gid: 0, size: 0} as const
    expect(await rootfs.list(directory)).toEqual(['a', 'b', 'big', 'same'])
    expect(await rootfs.list(directory)).toEqual(['a', 'b', 'big', 'same'])
    const content = await rootfs.open({...directory, path: '/sv/b/run', kind: 'file'})
    expect([await content.read(0, 9), content.size]).toEqual([Buffer.from('two').subarray(), 3])
    expect(asked).toEqual(['cp c1:/sv -'])
  })

  test('has not what the engine puts into every container', async () => {
    const etc = [
      {name: 'etc', type: '5'},
      {name: 'etc/hosts', content: ''},
      {name: 'etc/mtab', type: '2', linkName: '/proc/mounts'},
      {name: 'etc/passwd', content: ''},
    ] as const
    const {cli} = scriptedDocker(command => {
      const [first, ...rest] = etc
      const whole = [{name: '.dockerenv', content: ''}, first, ...rest]
      return buildTar(command.startsWith('export') ? whole : [...etc])
    })
    const directory = {path: '/etc', kind: 'directory', mode: 0o755, uid: 0, gid: 0, size: 0} as const
    const rootfs = containerRootFs(cli, 'c1', SPOOLING)
    expect(await rootfs.list(directory)).toEqual(['passwd'])
    expect(await rootfs.list({...directory, path: '/'})).toEqual(['etc'])
    expect(await rootfs.list(directory)).toEqual(['passwd'])
  })

  test.each([
    ['the engine does not answer', 'Error response from daemon: no such container: c1'],
    ['it went away', 'Error response from daemon: Could not find the file /sv in container c1'],
  ])('where %s, that is an error and no empty directory', async (_, stderr) => {
    const {cli} = scriptedDocker(() => ({stderr}))
    const directory = {path: '/sv', kind: 'directory', mode: 0o755, uid: 0, gid: 0, size: 0} as const
    await expect(containerRootFs(cli, 'c1', SPOOLING).list(directory)).rejects.toMatchObject({name: 'SourceError'})
  })
})
