import {describe, expect, test} from '@jest/globals'
import {DEFAULT_LIMITS, isRaisable, LIMIT_NAMES, LIMITS} from '../../src/lib/limits.ts'
import {formatAmount, raiseHint} from '../../src/lib/over-limit.ts'
import {parseLimit} from '../../src/pipeline/limit-options.ts'

describe('a limit is raised', () => {
  test.each([
    ['layer-bytes=128GiB', 'layer-bytes', 128 * 2 ** 30],
    ['layer-bytes=128 GiB', 'layer-bytes', 128 * 2 ** 30],
    [' layer-bytes = 128gib ', 'layer-bytes', 128 * 2 ** 30],
    ['layer-bytes=1TiB', 'layer-bytes', 2 ** 40],
    ['layer-bytes=100GB', 'layer-bytes', 100e9],
    ['layer-bytes=1TB', 'layer-bytes', 1e12],
    ['layer-bytes=68719476736', 'layer-bytes', 64 * 2 ** 30],
    ['config-bytes=9MB', 'config-bytes', 9e6],
    ['config-bytes=8200KiB', 'config-bytes', 8200 * 1024],
    ['config-bytes=9000KB', 'config-bytes', 9e6],
    ['index-manifests=5000', 'index-manifests', 5000],
    ['index-depth=4', 'index-depth', 4],
  ])('%j', (text, name, value) => {
    expect(parseLimit(text)).toEqual({ok: true, value: [name, value]})
  })

  test.each(LIMIT_NAMES.filter(isRaisable))('%s, as its hint says', name => {
    const bound = {name, most: DEFAULT_LIMITS[name]}
    const [written = ''] = /(?<=limits: )[^ ]+(?=\.)/.exec(raiseHint(bound) ?? '') ?? []
    expect(parseLimit(written)).toEqual({ok: true, value: [name, 2 * bound.most]})
  })
})

describe('a mistake is told', () => {
  test.each([
    ['', 'expected NAME=VALUE, got ""'],
    ['layer-bytes', 'expected NAME=VALUE, got "layer-bytes"'],
    ['layer-bytes=1=2', 'expected NAME=VALUE, got "layer-bytes=1=2"'],
    ['layer-byte=1', 'there is no limit "layer-byte"; did you mean layer-bytes?'],
    ['index-manifest=1', 'there is no limit "index-manifest"; did you mean index-manifests?'],
    ['name-bytes=300', 'name-bytes cannot be raised: it is set by Linux, NAME_MAX'],
    ['script-nesting=100', 'script-nesting cannot be raised'],
    ['layer-bytes=', 'layer-bytes: expected a size such as 128GiB or 1000000, got ""'],
    ['layer-bytes=128G', 'layer-bytes: expected a size such as 128GiB or 1000000, got "128G"'],
    ['layer-bytes=1.5TiB', 'layer-bytes: expected a size such as 128GiB or 1000000, got "1.5TiB"'],
    ['layer-bytes=-1', 'layer-bytes: expected a size such as 128GiB or 1000000, got "-1"'],
    ['layer-bytes=9999TiB', 'layer-bytes: expected a size such as 128GiB or 1000000, got "9999TiB"'],
    ['layer-bytes=Infinity', 'layer-bytes: expected a size such as 128GiB or 1000000, got "Infinity"'],
    ['layer-bytes=0x1000000000000', 'layer-bytes: expected a size such as 128GiB or 1000000, got "0x1000000000000"'],
    ['layer-entries=10MiB', 'layer-entries: expected a whole number, got "10MiB"'],
    ['layer-entries=9999999999999999', 'layer-entries: expected a whole number, got "9999999999999999"'],
    ['layer-bytes=1GiB', 'layer-bytes: 1GiB is lower than its default 64 GiB, and a limit can only be raised'],
    ['index-manifests=0', 'index-manifests: 0 is lower than its default 1,000, and a limit can only be raised'],
  ])('%j', (text, problem) => {
    expect(parseLimit(text)).toEqual({ok: false, problem})
  })

  test('what is far from every name has them all', () => {
    const result = parseLimit('constructor=1')
    for (const name of LIMIT_NAMES.filter(isRaisable))
      expect(result).toMatchObject({problem: expect.stringContaining(name)})
  })

  test.each(LIMIT_NAMES.filter(isRaisable))('%s is not lowered', name => {
    const {most} = LIMITS[name]
    expect(parseLimit(`${name}=${most}`)).toEqual({ok: true, value: [name, most]})
    expect(parseLimit(`${name}=${most - 1}`)).toEqual({
      ok: false,
      problem: `${name}: ${most - 1} is lower than its default ${formatAmount(name, most)}, and a limit can only be raised`,
    })
  })
})
