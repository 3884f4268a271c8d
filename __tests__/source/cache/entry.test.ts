import {describe, expect, test} from '@jest/globals'
import {type Digest, parseDigest} from '../../../src/image/digest.ts'
import {openEntry, sealEntry} from '../../../src/source/cache/entry.ts'

const digest = (character: string): Digest => {
  const parsed = parseDigest(`sha256:${character.repeat(64)}`)
  if (!parsed.ok) throw new Error(parsed.problem)
  return parsed.value
}
const subject = {layer: digest('a'), tool: '1.2.3'}
const record = Buffer.from('what was learnt\nof a layer')
const sealed = Buffer.from(sealEntry(record, subject))

test('what was sealed is opened', () => {
  const entry = openEntry(sealed, subject)
  expect(entry.kind === 'good' && Buffer.from(entry.record).equals(record)).toBe(true)
})

test('an entry of another version is not used', () => {
  expect(openEntry(sealed, {...subject, tool: '1.2.4'})).toEqual({kind: 'other'})
  const older = Buffer.from(sealed.toString('latin1').replace('format 2', 'format 1'), 'latin1')
  expect(openEntry(older, subject)).toEqual({kind: 'other'})
})

describe('broken', () => {
  const replaced = (from: string, to: string) => Buffer.from(sealed.toString('latin1').replace(from, to), 'latin1')
  test.each([
    ['another digest', sealed, {...subject, layer: digest('b')}, `it is of "${subject.layer}"`],
    [
      'a renamed entry',
      replaced('a'.repeat(64), 'b'.repeat(64)),
      {...subject, layer: digest('b')},
      'its checksum is wrong',
    ],
    [
      'a version that was written over',
      replaced('1.2.3', '1.2.4'),
      {...subject, tool: '1.2.4'},
      'its checksum is wrong',
    ],
    ['a changed byte', replaced('learnt', 'Learnt'), subject, 'its checksum is wrong'],
    ['bytes behind its end', Buffer.concat([sealed, Buffer.from('x')]), subject, 'its checksum is wrong'],
    ['no line', Buffer.alloc(5000, 'x'), subject, 'its first line is not readable'],
    ['no JSON', Buffer.from('x\n'), subject, 'its first line is not readable'],
    ['nothing', new Uint8Array(), subject, 'its first line is not readable'],
  ])('%s', (_, bytes, wanted, reason) => {
    expect(openEntry(bytes, wanted)).toEqual({kind: 'broken', reason})
  })

  test('cut off anywhere', () => {
    for (let length = 0; length < sealed.length; length += 1) {
      expect(openEntry(sealed.subarray(0, length), subject).kind).toBe('broken')
    }
  })
})
