import {describe, expect, test} from '@jest/globals'
import {DEFAULT_LIMITS, findLimit, isRaisable, LIMIT_NAMES, LIMITS} from '../../src/lib/limits.ts'
import {RULES} from '../../src/rules/index.ts'

describe('the table of limits', () => {
  test.each(LIMIT_NAMES)('%s is a whole row', name => {
    const {bounds, most, over, raisable, unit}: ReturnType<typeof findLimit> & object = LIMITS[name]
    expect(name).toMatch(/^[a-z]+(-[a-z]+)+$/)
    expect(bounds).not.toBe('')
    expect(Number.isSafeInteger(most) && most > 0).toBe(true)
    expect(unit === 'bytes').toBe(name.endsWith('-bytes'))
    const [kind, rule] = over.split(':')
    if (kind === 'finding') expect(RULES.map(({id}) => id)).toContain(rule)
    else expect(['exit-3', 'undetermined', 'left-out', 'no-addon', 'unsaid', 'no-cause']).toContain(kind)
    // What engines and kernels set is the image's fault beyond it, and stays so.
    if (kind === 'finding' || 'setBy' in LIMITS[name]) expect(raisable).toBe(false)
  })

  test('a run has all that can be raised, and nothing else', () => {
    expect(Object.keys(DEFAULT_LIMITS)).toEqual(LIMIT_NAMES.filter(isRaisable))
    for (const name of LIMIT_NAMES.filter(isRaisable)) expect(DEFAULT_LIMITS[name]).toBe(LIMITS[name].most)
  })

  test.each(['', 'layer', 'toString', '__proto__'])('there is no limit %j', name => {
    expect(findLimit(name)).toBeUndefined()
  })
})
