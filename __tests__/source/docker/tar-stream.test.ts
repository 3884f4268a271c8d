import {describe, expect, test} from '@jest/globals'
import {buildTar} from '../../../scripts/support/tar-builder.ts'
import {DEFAULT_LIMITS, type Limits} from '../../../src/lib/limits.ts'
import {type Visit, visitTar} from '../../../src/source/docker/tar-stream.ts'
import {type Answer, scriptedDocker} from '../../support/scripted-docker.ts'

const TAR = buildTar([
  {name: 'one', content: 'x'.repeat(600)},
  {name: 'two', type: '5'},
])
const END = 1024

async function visit(answer: Answer, enoughAt = Number.POSITIVE_INFINITY, limits: Partial<Limits> = {}) {
  const names: string[] = []
  const {cli} = scriptedDocker(() => answer)
  const see: Visit = async ({name}) => {
    names.push(name)
    return names.length >= enoughAt ? 'enough' : 'more'
  }
  const outcome = await visitTar(cli, ['export', 'c1'], see, {...DEFAULT_LIMITS, ...limits}).catch(
    (thrown: unknown) => thrown,
  )
  return {names, outcome}
}

describe('what an engine gives is bounded as the layers of an image are', () => {
  // The second entry ends behind two headers and the two blocks of the first one's content.
  test.each<[keyof Limits, number]>([
    ['image-entries', 2],
    ['image-bytes', 2048],
  ])('%s', async (name, most) => {
    expect((await visit(TAR, undefined, {[name]: most})).outcome).toEqual({ended: 'whole', entries: 2})
    const {names, outcome} = await visit(TAR, undefined, {[name]: most - 1})
    expect(names).toEqual(['one'])
    expect(outcome).toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining(`(limit ${name})`),
      hint: expect.stringContaining(`limits: ${name}=`),
    })
  })
})

test('a tar is walked to its end', async () => {
  expect(await visit(TAR)).toEqual({names: ['one', 'two'], outcome: {ended: 'whole', entries: 2}})
  expect(await visit(TAR, 1)).toEqual({names: ['one'], outcome: {ended: 'enough'}})
})

test('a command that fails before the first entry tells why', async () => {
  const {outcome} = await visit({stderr: 'Could not find the file /x'})
  expect(outcome).toMatchObject({ended: 'failed', stderr: 'Could not find the file /x'})
})

describe('a stream that ends early is no short answer, whatever the exit code says', () => {
  const cuts = Array.from({length: (TAR.length - END) / 256 + 1}, (_, at) => at * 256)
  test.each(cuts)('after %i bytes', async length => {
    const {outcome} = await visit(TAR.subarray(0, length))
    expect(outcome).toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/^docker export c1 printed a tar that cannot be read: /),
    })
  })
})

test('a stream that goes on behind the end is ended', async () => {
  const {outcome} = await visit(Buffer.concat([TAR, Buffer.alloc(1024 * 1024 + 1)]))
  expect(outcome).toMatchObject({code: 'unavailable', message: expect.stringContaining('follow the end of the tar')})
  expect((await visit(Buffer.concat([TAR, Buffer.alloc(1024 * 1024)]))).outcome).toMatchObject({ended: 'whole'})
})
