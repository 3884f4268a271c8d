// biome-ignore-all lint/suspicious/noTemplateCurlyInString: text of JavaScript
import {runInNewContext} from 'node:vm'
import {describe, expect, test} from '@jest/globals'
import {COMPUTED, readLiteral} from '../../src/exec/wrappers/js-literal.ts'

describe('what is written out is what node makes of it', () => {
  test.each([
    '{apps: [{name: "a", script: \'b.js\', args: ["-x", 1], env: {A: 1, "B-C": `d`}, watch: false, x: null}]}',
    '{a: \'it\\\'s\', b: "\\"\\n\\t\\y", c: -1.5, d: [], e: {}, f: [1, 2,], g: {h: 1,},}',
    '[{script: "a"}, {script: "b"}]',
    '{/* one */ a: 1, // two\n b: "//c" /* three */}',
    '"text"',
    '{a: 12, b: -120.25, c: "${d}", e: "f`${g}`", h: `i"\'`, j: [[1], [true, null]], k: "\\\n"}',
    `${'['.repeat(20)}1${']'.repeat(20)}`,
  ])('%s', text => {
    const real: unknown = JSON.parse(JSON.stringify(runInNewContext(`(${text})`)))
    expect(readLiteral(`module.exports = ${text};\n`)).toEqual(real)
    expect(readLiteral(`export default ${text}`)).toEqual(real)
    expect(readLiteral(text)).toEqual(real)
  })
})

describe('what is not', () => {
  test.each<[string, unknown]>([
    ['module.exports = make()', COMPUTED],
    ['module.exports = {a: process.env.A, b: 1}', {a: COMPUTED, b: 1}],
    ['module.exports = {a: "x" + y, b: f(1, {c: 2}), d: 3}', {a: COMPUTED, b: COMPUTED, d: 3}],
    ['module.exports = {a, ...b, c() { return 1 }, d: 2}', {a: COMPUTED, c: COMPUTED, d: 2}],
    ['module.exports = {a: `${b}`, c: [d, 1]}', {a: COMPUTED, c: [COMPUTED, 1]}],
    ['const x = 1\nmodule.exports = {a: x ? 1 : 2, b: 1}', {a: COMPUTED, b: 1}],
    [
      '{a: 0x10, b: 1e3, c: x1, d: 1n, e: undefined, f: 1}',
      {a: COMPUTED, b: COMPUTED, c: COMPUTED, d: COMPUTED, e: COMPUTED, f: 1},
    ],
    ['[1,,2]', [1, COMPUTED, 2]],
    ['{a: [x ? 1 : [2, {b: 3}], 4]}', {a: [COMPUTED, 4]}],
    ['', COMPUTED],
    ['{', {}],
    ['{a:', {a: COMPUTED}],
    ['[1', [1, COMPUTED]],
    ['{a: (1, b: 2}', {a: COMPUTED, b: 2}],
    [`${'['.repeat(5000)}`, expect.anything()],
    [`${'{a:'.repeat(5000)}`, expect.anything()],
  ])('%s', (text, expected) => {
    expect(readLiteral(text)).toEqual(expected)
  })

  test('each beginning of a text ends', () => {
    const text = 'module.exports = {apps: [{name: "a", args: [1, x(2)], env: {A: `b`}}, ...c], d: e ? {f: 1} : "g"}'
    for (let length = 0; length < text.length; length++) expect(readLiteral(text.slice(0, length))).toBeDefined()
  })
})
