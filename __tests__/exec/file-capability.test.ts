import {describe, expect, test} from '@jest/globals'
import {findUngranted, parseFileCapability} from '../../src/exec/index.ts'
import {fileCapability} from '../../src/lib/tar-entry.ts'

/** `0100000200100000…`: revision 2, effective, CAP_NET_ADMIN. */
const value = (magic: string, low = '00000000', high = '00000000', more = '') =>
  `${magic}${low}00000000${high}00000000${more}`

const ungranted = (hex: string) => {
  const capability = parseFileCapability(hex)
  return capability === undefined ? 'refused' : findUngranted(capability).join(' ')
}

describe('security.capability', () => {
  test.each([
    ['as setcap cap_net_admin+ep writes it', value('01000002', '00100000'), 'CAP_NET_ADMIN'],
    ['without the effective flag', value('00000002', '00100000'), ''],
    ['what engines grant', value('01000002', '00240000'), ''],
    ['some of both', value('01000002', '00340000'), 'CAP_NET_ADMIN'],
    ['two', value('01000002', '00500000'), 'CAP_NET_ADMIN CAP_IPC_LOCK'],
    ['in the high half', value('01000002', '00000000', 'c0000000'), 'CAP_PERFMON CAP_BPF'],
    ['bits that no capability has', value('01000002', '00000000', '00feffff'), ''],
    ['revision 3 of root', value('01000003', '00100000', '00000000', '00000000'), 'CAP_NET_ADMIN'],
    ['revision 3 of the root of another user namespace', value('01000003', '00100000', '00000000', 'a0860100'), ''],
    ['revision 1', '010000010010000000000000', 'refused'],
    ['only inheritable', '0100000200000000001000000000000000000000', ''],
    ['nothing at all', '', 'refused'],
    ['a magic alone', '01000002', 'refused'],
    ['revision 2, cut off', value('01000002', '00100000').slice(0, -2), 'refused'],
    ['revision 2 of the length of 3', value('01000002', '00100000', '00000000', '00000000'), 'refused'],
    ['revision 3 of the length of 2', value('01000003', '00100000'), 'refused'],
    ['revision 4', value('01000004', '00100000'), 'refused'],
    ['revision 0', value('01000000', '00100000'), 'refused'],
  ])('%s', (_, hex, expected) => {
    expect(ungranted(hex)).toBe(expected)
  })

  test('every truncation is refused', () => {
    const whole = value('01000003', '00100000', '00000000', '00000000')
    for (let length = 0; length < whole.length; length += 2) expect(ungranted(whole.slice(0, length))).toBe('refused')
  })
})

describe('of a tar entry', () => {
  const bytes = Buffer.from(value('01000002', '00100000'), 'hex')
  const of = (kind: 'file' | 'symlink' | 'directory', name: string, attribute: Uint8Array) =>
    fileCapability({kind, xattrs: new Map([[name, attribute]])})
  test.each([
    ['of a file', of('file', 'security.capability', bytes), bytes.toString('hex')],
    ['of a symlink', of('symlink', 'security.capability', bytes), undefined],
    ['of a directory', of('directory', 'security.capability', bytes), undefined],
    ['another attribute', of('file', 'user.capability', bytes), undefined],
    ['longer than any kernel takes', of('file', 'security.capability', Buffer.alloc(25)), undefined],
    ['empty', of('file', 'security.capability', Buffer.alloc(0)), ''],
    ['none', fileCapability({kind: 'file', xattrs: new Map()}), undefined],
  ])('%s', (_, got, expected) => {
    expect(got).toBe(expected)
  })
})
