import {expect, test} from '@jest/globals'
import type {Http} from '../../../src/net/http.ts'
import {sharedConnections} from '../../../src/source/registry/connections.ts'
import {startRegistryServer} from '../../support/registry-server.ts'
import {readImage, TWO_PLATFORMS} from './fixtures.ts'

const HUB = {host: 'hub.test', insecure: false}

/** Makes connections that say who made them, and writes down which are closed. */
function maker() {
  const made: number[] = []
  const closed: number[] = []
  const create = async (): Promise<Http> => {
    const number = made.length
    made.push(number)
    return {
      send: () => Promise.reject(new Error(`sent by ${number}`)),
      close: () => closed.push(number),
    }
  }
  return {create, made, closed}
}

test('who reads of one registry has the same connections; the last one closes them', async () => {
  const {create, made, closed} = maker()
  const connections = sharedConnections()
  const [one, two] = await Promise.all([connections.take(HUB, create), connections.take(HUB, create)])
  expect(made).toEqual([0])
  one.close()
  one.close()
  expect(closed).toEqual([])
  await expect(two.send({url: new URL('https://hub.test')})).rejects.toThrow('sent by 0')
  two.close()
  await Promise.resolve()
  expect(closed).toEqual([0])
  await connections.take(HUB, create)
  expect(made).toEqual([0, 1])
})

test('another registry, and another way to reach it, has its own', async () => {
  const {create, made} = maker()
  const connections = sharedConnections()
  await connections.take(HUB, create)
  await connections.take({...HUB, insecure: true}, create)
  await connections.take({...HUB, host: 'hub.test:5000'}, create)
  expect(made).toEqual([0, 1, 2])
})

test('what cannot be made is made anew by who comes next', async () => {
  const {create, made} = maker()
  const connections = sharedConnections()
  const failing = connections.take(HUB, () => Promise.reject(new Error('no settings')))
  await expect(failing).rejects.toThrow('no settings')
  await connections.take(HUB, create)
  expect(made).toEqual([0])
})

test('images that are read at once, and one after the other, are read over them', async () => {
  const server = await startRegistryServer()
  try {
    server.push('org/app', TWO_PLATFORMS, '1')
    server.push('org/other', TWO_PLATFORMS, '1')
    const connections = sharedConnections()
    const read = (name: string) => readImage(`${server.host}/${name}:1`, {connections})
    const both = await Promise.all([read('org/app'), read('org/other')])
    expect([...both, await read('org/app')].map(({platforms}) => platforms.length)).toEqual([2, 2, 2])
  } finally {
    await server.stop()
  }
})
