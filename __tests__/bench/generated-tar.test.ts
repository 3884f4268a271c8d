import {expect, test} from '@jest/globals'
import {tarOf} from '../../bench/support/generated-tar.ts'
import {layerTar} from '../support/image-builder.ts'

const material = Buffer.from('0123456789abcdefghijklmnopqrstuvwxyz')
const program = Buffer.from('a program')
const name = (layer: number, at: number): string =>
  `usr/lib/layer-${layer}/directory-${Math.floor(at / 100)}/a-file-of-many-${at}`
const numbers = (...values: readonly number[]): Buffer => Buffer.from(Uint32Array.from(values).buffer)

// The writer of the tests makes the same tar, a file at a time.
test('cuts of the material, one in fifty executable', () => {
  const files = Object.fromEntries(
    Array.from({length: 120}, (_, at) => {
      const start = (at * 7919 * 512) % (material.length - 5)
      return [name(3, at), {content: material.subarray(start, start + 5), mode: at % 50 === 0 ? 0o755 : 0o644}]
    }),
  )
  const layer = {number: 3, size: 600, files: 120, kind: 'cuts', material, program, app: undefined} as const
  expect(Buffer.concat([...tarOf(layer)])).toEqual(Buffer.from(layerTar(files)))
})

test('programs, no two alike, and the file to start', () => {
  const content = (at: number) => Buffer.concat([program, numbers(1, at)])
  const expected = {
    [name(1, 0)]: {content: content(0), mode: 0o755},
    [name(1, 1)]: {content: content(1), mode: 0o755},
    app: {content: program, mode: 0o755},
  }
  const layer = {number: 1, size: 0, files: 2, kind: 'programs', material, program, app: program} as const
  expect(Buffer.concat([...tarOf(layer)])).toEqual(Buffer.from(layerTar(expected)))
})
