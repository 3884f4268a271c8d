import {describe, expect, test} from '@jest/globals'
import {
  arrayOf,
  boolean,
  count,
  object,
  optional,
  parsed,
  parseJson,
  recordOf,
  required,
  string,
} from '../../src/lib/json.ts'
import {fail, ok} from '../../src/lib/result.ts'

interface Thing {
  readonly name: string
  readonly size: number
  readonly tags: readonly string[]
  readonly labels: Readonly<Record<string, string>>
  readonly on: boolean | undefined
}

const thing = object<Thing>({
  name: required(string),
  size: optional(count, 0),
  tags: optional(arrayOf(string), []),
  labels: optional(recordOf(string), {}),
  on: optional(boolean),
})

const read = (text: string) => parseJson(Buffer.from(text), thing)

describe('a value', () => {
  test('with all fields, others let be', () => {
    expect(read('{"name":"a","size":3,"tags":["x"],"labels":{"k":"v"},"on":true,"more":[]}')).toEqual(
      ok({name: 'a', size: 3, tags: ['x'], labels: {k: 'v'}, on: true}),
    )
  })

  test.each(['{"name":"a"}', '{"name":"a","size":null,"tags":null,"labels":null,"on":null}'])('%s', text => {
    expect(read(text)).toEqual(ok({name: 'a', size: 0, tags: [], labels: {}, on: undefined}))
  })

  test('whose keys are named as those of all objects', () => {
    const result = read('{"name":"a","labels":{"__proto__":"v","constructor":"w"}}')
    if (!result.ok) throw new Error(result.problem)
    expect(Object.entries(result.value.labels)).toEqual([
      ['__proto__', 'v'],
      ['constructor', 'w'],
    ])
    expect(read('{"__proto__":{"name":"a"}}')).toEqual(fail('$.name is missing'))
  })
})

describe('a problem', () => {
  test.each([
    {text: '', problem: /^not JSON: /},
    {text: '{"name":', problem: /^not JSON: /},
    {text: '\ufeff{"name":"a"}', problem: /^not JSON: /},
    {text: '[]', problem: '$: expected an object, got []'},
    {text: 'null', problem: '$: expected an object, got null'},
    {text: '{}', problem: '$.name is missing'},
    {text: '{"name":5}', problem: '$.name: expected a string, got 5'},
    {text: '{"name":"a","size":-1}', problem: '$.size: expected a whole number from 0, got -1'},
    {text: '{"name":"a","size":1.5}', problem: '$.size: expected a whole number from 0, got 1.5'},
    {text: '{"name":"a","size":9007199254740993}', problem: /^\$\.size: expected a whole number from 0/},
    {text: '{"name":"a","tags":["x",null]}', problem: '$.tags[1]: expected a string, got null'},
    {text: '{"name":"a","tags":{}}', problem: '$.tags: expected an array, got {}'},
    {text: '{"name":"a","labels":{"a b":1}}', problem: '$.labels["a b"]: expected a string, got 1'},
    {text: '{"name":"a","on":"yes"}', problem: '$.on: expected true or false, got "yes"'},
  ])('$text', ({text, problem}) => {
    const result = read(text)
    expect(result).toEqual({ok: false, problem: typeof problem === 'string' ? problem : expect.stringMatching(problem)})
  })

  test('is told with all others, up to five', () => {
    expect(read('{"name":1,"size":"x","on":2}')).toEqual(
      fail(
        '$.name: expected a string, got 1; $.size: expected a whole number from 0, got "x"; $.on: expected true or false, got 2',
      ),
    )
    expect(read('{"name":"a","tags":[1,2,3,4,5,6,7]}')).toMatchObject({problem: expect.stringMatching(/; and 2 more$/)})
  })

  test('of a long value is cut short', () => {
    expect(read(`{"name":["${'x'.repeat(100)}"]}`)).toEqual(fail(`$.name: expected a string, got ["${'x'.repeat(35)}…`))
  })

  test('of bytes that are no UTF-8', () => {
    expect(parseJson(Uint8Array.of(0x22, 0xff, 0x22), string)).toMatchObject({ok: false})
  })

  test('of a text that a parser refuses', () => {
    const even = parsed(text => (text.length % 2 === 0 ? ok(text.length) : fail(`${text} is odd`)))
    expect(parseJson(Buffer.from('["ab","abc"]'), arrayOf(even))).toEqual(fail('$[1]: abc is odd'))
    expect(parseJson(Buffer.from('["ab"]'), arrayOf(even))).toEqual(ok([2]))
  })
})
