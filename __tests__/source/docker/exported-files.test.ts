import {describe, expect, test} from '@jest/globals'
import {buildTar, type TarItem} from '../../../scripts/support/tar-builder.ts'
import {identify, readDynamic} from '../../../src/binary/index.ts'
import type {Inspection} from '../../../src/image/rootfs.ts'
import {DEFAULT_LIMITS} from '../../../src/lib/limits.ts'
import {containerRootFs} from '../../../src/source/docker/container-rootfs.ts'
import {buildElf} from '../../support/elf-builder.ts'
import {type Answer, SPOOLING, scriptedDocker} from '../../support/scripted-docker.ts'
import {all, failure} from '../../support/streams.ts'

const TEXT = Buffer.alloc(200_000, 'text ')
const ELF = buildElf({interpreter: '/lib64/ld.so.1', needed: ['libc.so.6']})

const FILES: readonly TarItem[] = [
  {name: 'usr/', type: '5', mode: 0o755},
  {name: 'usr/bin/', type: '5', mode: 0o755},
  {name: 'usr/bin/app', content: ELF, mode: 0o755, uid: 1000, gid: 50},
  {name: 'usr/bin/same', type: '1', linkName: 'usr/bin/app', mode: 0o755},
  {name: 'usr/data', content: TEXT, mode: 0o644},
  {name: 'bin', type: '2', linkName: 'usr/bin', mode: 0o777},
  {name: 'etc/', type: '5', mode: 0o755},
  {name: 'etc/passwd', content: 'root:x:0:0', mode: 0o644},
]

/** A container as `docker export` shows it; `docker cp -L` shows the text file. */
function container(exported: Answer = buildTar(FILES)) {
  return scriptedDocker(command => {
    if (command === 'export c1') return exported
    if (command === 'cp -L c1:/usr/data -') return buildTar([{name: 'data', content: TEXT, mode: 0o644}])
    return {stderr: `Error response from daemon: ${command} was not expected`}
  })
}

const reading = (id: string, offset: number): Inspection<string> => ({
  id,
  inspect: async (_, content) =>
    Buffer.from(await content.read(offset < 0 ? Math.max(0, content.size + offset) : offset, 5)).toString('latin1'),
})

async function survey(rootfs: ReturnType<typeof containerRootFs>, inspection: Inspection<string>) {
  const surveyed = await all(rootfs.survey(inspection))
  return Object.fromEntries(surveyed.map(({node, result}) => [node.path, result]))
}

describe('a survey of a container', () => {
  test('is one export, and what is asked afterwards of programs and settings asks for nothing more', async () => {
    const {cli, asked} = container()
    const rootfs = containerRootFs(cli, 'c1', SPOOLING)
    const start = Buffer.from(ELF.subarray(0, 5)).toString('latin1')
    expect(await survey(rootfs, reading('start', 0))).toEqual({
      '/bin': undefined,
      '/etc': undefined,
      '/etc/passwd': 'root:',
      '/usr': undefined,
      '/usr/bin': undefined,
      '/usr/bin/app': start,
      '/usr/bin/same': start,
      '/usr/data': 'text ',
    })
    const found = await rootfs.lookup('/bin/same')
    if (found.outcome !== 'found') throw new Error(found.outcome)
    expect(found).toMatchObject({node: {path: '/usr/bin/same', size: ELF.length}, hops: [{path: '/bin'}]})
    expect(await rootfs.lookup('/usr/bin/none')).toMatchObject({outcome: 'missing', at: '/usr/bin/none'})
    const program = await rootfs.open(found.node)
    const identity = await identify(program)
    if (identity.kind !== 'elf') throw new Error(identity.kind)
    expect(await readDynamic(identity, program)).toMatchObject({needed: ['libc.so.6']})
    const passwd = await rootfs.lookup('/etc/passwd')
    if (passwd.outcome !== 'found') throw new Error(passwd.outcome)
    expect(Buffer.from(await (await rootfs.open(passwd.node)).read(0, 99)).toString()).toBe('root:x:0:0')
    expect(asked).toEqual(['export c1'])
  })

  test('reads what was not at hand with docker cp', async () => {
    const {cli, asked} = container()
    expect(await survey(containerRootFs(cli, 'c1', SPOOLING), reading('end', -5))).toMatchObject({
      '/usr/data': 'text ',
      '/etc/passwd': 'x:0:0',
    })
    expect(asked).toEqual(['export c1', 'cp -L c1:/usr/data -'])
  })

  test('takes no more memory than it may', async () => {
    const limits = {...DEFAULT_LIMITS, 'image-tree-bytes': 100_000}
    const read = (count: number, name: string) => {
      const {cli} = container(buildTar(Array.from({length: count}, (_, at) => ({name: `${name}${at}`}))))
      return all(containerRootFs(cli, 'c1', {...SPOOLING, limits}).files())
    }
    await expect(read(250, 'f')).resolves.toHaveLength(250)
    const error = {
      name: 'SourceError',
      code: 'unsupported',
      message: 'the names of the image take more than 100,000 bytes of memory (limit image-tree-bytes)',
    }
    expect(await failure(read(300, 'f'))).toMatchObject(error)
    expect(await failure(read(250, 'f'.repeat(90)))).toMatchObject(error)
    // One file that comes again and again is there once.
    const {cli} = container(buildTar(Array.from({length: 300}, () => ({name: 'same'}))))
    const rootfs = containerRootFs(cli, 'c1', {...SPOOLING, limits})
    await expect(all(rootfs.files())).resolves.toHaveLength(1)
    expect(() => rootfs.keep?.(100_000)).toThrow(expect.objectContaining(error))
  })

  test('is made once for one inspection, and once more for another', async () => {
    const {cli, asked} = container()
    const rootfs = containerRootFs(cli, 'c1', SPOOLING)
    const first = await survey(rootfs, reading('start', 0))
    expect(await survey(rootfs, reading('start', 0))).toEqual(first)
    expect((await all(rootfs.files())).map(({path}) => path)).toEqual(Object.keys(first))
    expect(asked).toEqual(['export c1'])
    expect(await survey(rootfs, reading('later', 2))).toMatchObject({'/etc/passwd': 'ot:x:'})
    expect(asked).toEqual(['export c1', 'export c1'])
  })

  test.each<[string, Answer]>([
    ['fails', {stderr: 'Error response from daemon: no such container'}],
    ['is cut off', buildTar(FILES).subarray(0, 2000)],
  ])('throws where the export %s', async (_, answer) => {
    const {cli} = container(answer)
    expect(await failure(survey(containerRootFs(cli, 'c1', SPOOLING), reading('start', 0)))).toMatchObject({
      name: 'SourceError',
    })
  })
})
