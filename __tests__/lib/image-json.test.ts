import {describe, expect, test} from '@jest/globals'
import {
  arrayOf,
  count,
  nullable,
  object,
  optional,
  parseImageJson,
  recordOf,
  string,
  typed,
  unchecked,
} from '../../src/lib/json.ts'
import {foldName, Members, readMembers} from '../../src/lib/json-members.ts'

const config = object({
  Entrypoint: optional(arrayOf(string), []),
  Cmd: optional(arrayOf(string), []),
  User: optional(string, ''),
  Labels: optional(recordOf(string), {}),
})
const image = object({
  architecture: optional(string, ''),
  config: optional(config),
  history: optional(arrayOf(object({size: optional(count), by: optional(string)})), []),
  check: optional(nullable(object({Test: optional(arrayOf(string), [])}))),
  id: typed(unchecked),
  author: typed(string),
})

const read = (text: string) => parseImageJson(new TextEncoder().encode(text), image)

/** As go1.24's json.Unmarshal fills a struct with these fields. */
describe('as encoding/json reads it', () => {
  test.each([
    ['a name in another letter case', '{"Architecture":"arm64"}', {architecture: 'arm64'}],
    ['the last one wins', '{"architecture":"amd64","architecture":"arm64"}', {architecture: 'arm64'}],
    ['also in another case', '{"architecture":"amd64","ARCHITECTURE":"arm64"}', {architecture: 'arm64'}],
    ['before the exact name', '{"ARCHITECTURE":"arm64","architecture":"amd64"}', {architecture: 'amd64'}],
    ['U+017F is an s', '{"config":{"U\\u017fer":"1"}}', {config: {User: '1'}}],
    ['null leaves a string', '{"architecture":"amd64","architecture":null}', {architecture: 'amd64'}],
    ['null empties a slice', '{"config":{"Cmd":["a"],"cmd":null}}', {config: {Cmd: []}}],
    ['null leaves a struct', '{"config":{"User":"a"},"config":null}', {config: {User: 'a'}}],
    ['null empties a pointer', '{"check":{"Test":["a"]},"check":null}', {check: undefined}],
    [
      'a struct given twice is merged',
      '{"config":{"Cmd":["a"],"User":"u"},"Config":{"Cmd":["b"]}}',
      {config: {Cmd: ['b'], User: 'u'}},
    ],
    [
      'a map given twice is merged',
      '{"config":{"Labels":{"a":"1"},"labels":{"b":"2"}}}',
      {config: {Labels: {a: '1', b: '2'}}},
    ],
    [
      'the items of a slice are reused',
      '{"history":[{"size":1,"by":"x"},{"size":2}],"history":[{"size":3}]}',
      {history: [{size: 3, by: 'x'}]},
    ],
    [
      'null in a slice or a map is a zero value',
      '{"config":{"Cmd":["a",null],"Labels":{"a":null}},"config":{}}',
      {config: {Cmd: ['a', ''], Labels: {a: ''}}},
    ],
    ['half a surrogate pair', '{"architecture":"a\\ud800","architecture":"a\\udc00b"}', {architecture: 'a\ufffdb'}],
    ['escapes in a name', '{"config":{"\\u0043md":["a"]}}', {config: {Cmd: ['a']}}],
  ])('%s', (_, text, expected) => {
    const result = read(text)
    expect(result).toMatchObject({ok: true, value: {value: expected}})
    expect(result.ok && result.value.ambiguities.length > 0).toBe(!text.includes('\\u0043'))
  })

  test.each([
    ['{"architecture":"arm64","config":{"Cmd":["a"]}}', []],
    ['{"architecture":"arm64","other":1,"other":2,"OTHER":3}', []],
    ['{"Architecture":"arm64"}', ['$.architecture appears as "Architecture"; engines read "arm64"']],
    ['{"config":{"Cmd":["a"],"Cmd":["b"]}}', ['$.config.Cmd appears 2 times; engines read ["b"]']],
    ['{"config":{"Cmd":["a"],"cmd":["b"]}}', ['$.config.Cmd appears as "Cmd" and "cmd"; engines read ["b"]']],
    ['{"history":[{},{"BY":"x"}]}', ['$.history[1].by appears as "BY"; engines read "x"']],
    ['{"config":{"Labels":{"a":"1","A":"2"}}}', []],
    ['{"config":{"Labels":{"a":"1","a":"2"}}}', ['$.config.Labels.a appears 2 times; engines read "2"']],
    ['{"Id":1,"id":"x","ID":{"a":1,"a":2}}', []],
  ])('%s: ambiguities %j', (text, ambiguities) => {
    expect(read(text)).toMatchObject({ok: true, value: {ambiguities}})
  })

  test.each([
    [[0x61, 0xff, 0xc3, 0x28, 0xe2, 0x82], 'a\ufffd\ufffd(\ufffd\ufffd'],
    [[0xed, 0xa0, 0x80], '\ufffd\ufffd\ufffd'],
    [[0xf0, 0x9f, 0x98, 0x80, 0xc0, 0xaf], '\u{1f600}\ufffd\ufffd'],
  ])('each byte of %j that is no UTF-8 is a U+FFFD', (bytes, text) => {
    const quoted = Buffer.concat([Buffer.from('{"architecture":"'), Buffer.from(bytes), Buffer.from('"}')])
    expect(parseImageJson(quoted, image)).toMatchObject({ok: true, value: {value: {architecture: text}}})
  })

  test.each([
    ['{"author":1,"author":"x"}', '$.author: expected a string, got 1'],
    ['{"AUTHOR":1,"author":null}', /^\$\.author: expected a string, got 1/],
    ['{"architecture":1}', '$.architecture: expected a string, got 1'],
    ['{"history":[{"size":1e3}]}', '$.history[0].size: expected a whole number from 0, got 1000'],
    ['{"history":[{"size":1.0}]}', '$.history[0].size: expected a whole number from 0, got 1'],
    ['{"config":{"Labels":7}}', '$.config.Labels: expected an object, got 7'],
    ['{"config":[{"a":1,"a":2}]}', '$.config: expected an object, got [{"a":2}]'],
    ['[1]', '$: expected an object, got [1]'],
    ['{', /^not JSON: /],
    ['{} {}', /^not JSON: /],
    [`${'['.repeat(10_001)}${']'.repeat(10_001)}`, 'JSON nested deeper than 10,000 levels (limit json-depth)'],
  ])('%.40s is refused', (text, problem) => {
    const result = read(text)
    expect(result.ok ? undefined : result.problem).toEqual(
      problem instanceof RegExp ? expect.stringMatching(problem) : problem,
    )
  })
})

describe('the members of a text', () => {
  const plain = (value: unknown): unknown =>
    value instanceof Members
      ? Object.fromEntries(value.list.map(([name, one]) => [name, plain(one)]))
      : Array.isArray(value)
        ? value.map(plain)
        : value

  test.each([
    '{"a":[1,{"b":null},"\\\\"],"c\\"":-15, "t":true,\n"f":false}',
    '"\\\\\\""',
    '[]',
    '{}',
    '[[],{},[{}],"",{"":""}]',
    '"{[,:]}"',
    ' 0 ',
    'null',
    '{"\\u00e9":"\\ud83d\\ude00"}',
  ])('%s is what JSON.parse says', text => {
    expect(plain(readMembers(text)?.value)).toEqual(JSON.parse(text))
  })

  test('no length and no allowed depth overflows the stack', () => {
    const escaped = 'ab\\n'.repeat(2_000_000)
    expect(readMembers(`"${escaped}"`)?.value).toHaveLength(6_000_000)
    expect(readMembers(`${'['.repeat(10_000)}${']'.repeat(10_000)}`)).toBeDefined()
  })

  test('names fold as Go folds them', () => {
    expect(foldName('OS.Version')).toBe('os.version')
    expect(foldName('\u212aey\u017f')).toBe('keys')
    expect(foldName('É')).not.toBe(foldName('E'))
  })
})
