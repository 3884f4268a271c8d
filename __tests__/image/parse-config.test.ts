import {describe, expect, test} from '@jest/globals'
import {layerInfos, parseConfig} from '../../src/image/parse-config.ts'
import type {Descriptor} from '../../src/image/source.ts'
import {digestOf} from '../../src/source/blobs/verified.ts'
import {imageConfig} from '../support/image-config.ts'

const parse = (value: unknown) => {
  const read = parseConfig(Buffer.from(JSON.stringify(value)))
  return read.ok ? {ok: true, value: read.value.value} : read
}

/** Of a config that says nothing. */
const EMPTY = imageConfig({platform: {os: '', architecture: '', variant: ''}})

describe('a config', () => {
  test('with all that is read of it', () => {
    const diffId = `sha256:${'b'.repeat(64)}`
    const value = {
      os: 'linux',
      architecture: 'arm64',
      variant: 'v8',
      'os.version': '6.1',
      created: '2026-01-02T03:04:05Z',
      config: {
        Entrypoint: ['/tini', '--'],
        Cmd: ['/app'],
        WorkingDir: '/srv',
        Env: ['PATH=/bin'],
        User: 'app:app',
        Volumes: {'/data': {}},
        Healthcheck: {Test: ['CMD', '/check'], Interval: 1},
        Labels: {a: 'b'},
      },
      history: [{created_by: 'ADD rootfs'}, {created_by: 'ENV A=b', empty_layer: true}, {}],
      rootfs: {type: 'layers', diff_ids: [diffId]},
    }
    expect(parse(value)).toEqual({
      ok: true,
      value: {
        platform: {os: 'linux', architecture: 'arm64', variant: 'v8', osVersion: '6.1'},
        created: '2026-01-02T03:04:05Z',
        entrypoint: ['/tini', '--'],
        cmd: ['/app'],
        workingDir: '/srv',
        env: ['PATH=/bin'],
        user: 'app:app',
        volumes: ['/data'],
        labels: ['a'],
        healthcheck: ['CMD', '/check'],
        history: [
          {createdBy: 'ADD rootfs', emptyLayer: false},
          {createdBy: 'ENV A=b', emptyLayer: true},
          {createdBy: undefined, emptyLayer: false},
        ],
        diffIds: [diffId],
      },
    })
  })

  test.each<{what: string; value: object}>([
    {what: 'nothing', value: {}},
    {what: 'nulls', value: {config: null, history: null, rootfs: null, os: null}},
    {
      what: 'nulls in its process',
      value: {config: {Entrypoint: null, Cmd: null, Env: null, User: null, WorkingDir: null, Healthcheck: null}},
    },
    {what: 'an inherited health check', value: {config: {Healthcheck: {Test: []}}}},
  ])('with $what', ({value}) => {
    expect(parse(value)).toEqual({ok: true, value: EMPTY})
  })

  test.each([
    {value: [], problem: '$: expected an object, got []'},
    {value: {config: {Entrypoint: '/app'}}, problem: '$.config.Entrypoint: expected an array, got "/app"'},
    {value: {config: {Env: [1]}}, problem: '$.config.Env[0]: expected a string, got 1'},
    {
      value: {rootfs: {diff_ids: ['x']}},
      problem: '$.rootfs.diff_ids[0]: "x" is not a digest: expected sha256:… or sha512:…',
    },
    {
      value: {os: 1, architecture: 2},
      problem: '$.os: expected a string, got 1; $.architecture: expected a string, got 2',
    },
  ])('of $value is refused', ({value, problem}) => {
    expect(parse(value)).toEqual({ok: false, problem})
  })
})

describe('layers', () => {
  const layer = (text: string): Descriptor => ({
    mediaType: '',
    digest: digestOf(Buffer.from(text)),
    size: 1,
    annotations: {},
  })
  const made = (createdBy: string, emptyLayer = false) => ({createdBy, emptyLayer})

  test('are named after the history entries that made them', () => {
    const infos = layerInfos(
      [layer('a'), layer('b')],
      [made('ADD'), made('ENV', true), made('COPY'), made('CMD', true)],
    )
    expect(infos).toEqual([
      {index: 0, digest: layer('a').digest, createdBy: 'ADD'},
      {index: 1, digest: layer('b').digest, createdBy: 'COPY'},
    ])
  })

  test.each([
    {what: 'no history', history: []},
    {what: 'fewer entries', history: [made('ADD')]},
    {what: 'more entries', history: [made('ADD'), made('COPY'), made('RUN')]},
  ])('are not named after a history with $what', ({history}) => {
    expect(layerInfos([layer('a'), layer('b')], history).map(({createdBy}) => createdBy)).toEqual([
      undefined,
      undefined,
    ])
  })
})
