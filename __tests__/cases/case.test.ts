import {describe, expect, test} from '@jest/globals'
import {parseCases} from '../../scripts/cases/case.ts'

const parse = (value: unknown) => parseCases(Buffer.from(JSON.stringify(value)))

describe('cases.json', () => {
  test('a case, with what it leaves out', () => {
    const one = {id: 'a', platforms: ['linux/amd64'], expect: 'warn', where: [null, 'TARGETARCH'], says: ['x']}
    expect(parse([one])).toEqual({
      ok: true,
      value: [
        {
          id: 'a',
          ref: undefined,
          mech: undefined,
          platforms: ['linux/amd64'],
          args: [],
          expect: 'warn',
          where: [undefined, 'TARGETARCH'],
          says: ['x'],
          never: [],
          quiet: false,
          dockerfile: undefined,
        },
      ],
    })
  })

  const wrong: readonly (readonly [name: string, value: unknown, problem: string])[] = [
    ['no list', {}, 'expected an array'],
    ['an expectation that there is not', [{id: 'a', platforms: [], expect: 'error'}], 'expected pass, warn, fail'],
    ['a folder above', [{id: '../a', platforms: [], expect: 'pass'}], 'expected the name of a folder'],
    ['a finding of any kind', [{id: 'a', platforms: [], expect: 'fail'}], '$[0].where'],
    ['a finding without a text', [{id: 'a', platforms: [], expect: 'warn', where: ['linux/amd64', null]}], '.where'],
    ['quiet as a word', [{id: 'a', platforms: [], expect: 'pass', quiet: 'yes'}], '$[0].quiet'],
    ['no platforms', [{id: 'a', expect: 'pass'}], '$[0].platforms is missing'],
  ]
  test.each(wrong)('%s is refused', (_, value, problem) => {
    const result = parse(value)
    expect(result.ok ? 'parsed' : result.problem).toContain(problem)
  })
})
