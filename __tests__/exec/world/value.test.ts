import {describe, expect, test} from '@jest/globals'
import {anyOr, eitherValue, joinValues, mapValue, oneOf, textsOf, type Value} from '../../../src/exec/world/value.ts'

const unknown = '$x'
const any: Value = {unknown}
const ab: Value = {unknown, oneOf: ['a', 'b']}
const perhaps: Value = {unknown, perhaps: ['a']}
const like: Value = {unknown, likes: ['a -> /x', 'bb -> /x']}
/** More than are kept apart. */
const seven = ['1', '2', '3', '4', '5', '6', '7']

test.each<[what: string, value: Value, expected: Value]>([
  ['none of several', oneOf([], unknown), any],
  ['none that is known', oneOf(undefined, unknown), any],
  ['the same twice', oneOf(['a', 'a'], unknown), 'a'],
  ['two', oneOf(['a', 'b', 'a'], unknown), ab],
  ['six', oneOf(seven.slice(1), unknown), {unknown, oneOf: seven.slice(1)}],
  ['seven', oneOf(seven, unknown), any],
  ['anything', anyOr([], unknown), any],
  ['anything, or a text', anyOr(['a', undefined, 'a'], unknown), perhaps],
  ['anything, or six', anyOr(seven.slice(1), unknown), {unknown, perhaps: seven.slice(1)}],
  ['anything, or seven', anyOr(seven, unknown), any],
])('%s', (_, value, expected) => {
  expect(value).toEqual(expected)
})

test('the texts that are known of a value', () => {
  expect([undefined, 'a', any, ab, perhaps, like].map(textsOf)).toEqual([[], ['a'], [], ['a', 'b'], ['a'], []])
})

describe('one or the other', () => {
  test.each<[one: Value | undefined, other: Value | undefined, expected: Value]>([
    ['a', 'a', 'a'],
    ['a', 'b', ab],
    [ab, 'a', ab],
    ['a', any, perhaps],
    [any, 'a', perhaps],
    ['a', undefined, perhaps],
    [perhaps, 'a', perhaps],
    [any, any, any],
  ])('%j, %j', (one, other, expected) => {
    expect(eitherValue(one, other, unknown)).toEqual(expected)
  })
})

describe('what a function makes of a value', () => {
  const behindArrow = (text: string) => / -> (.*)/.exec(text)?.[1]
  const notA = (text: string) => (text === 'a' ? undefined : `${text}!`)
  test.each<[value: Value, change: (text: string) => string | undefined, expected: Value]>([
    ['b', notA, 'b!'],
    ['a', notA, {unknown: 'a'}],
    [any, notA, any],
    [ab, text => text + text, {unknown, oneOf: ['aa', 'bb']}],
    [ab, () => 'c', 'c'],
    // What it makes of the other is not known.
    [ab, notA, {unknown, perhaps: ['b!']}],
    [perhaps, text => text + text, {unknown, perhaps: ['aa']}],
    // Of texts that are like it: what comes of all alike.
    [like, behindArrow, '/x'],
    [like, text => text.slice(1), {unknown, likes: [' -> /x', 'b -> /x']}],
    [like, text => (text.startsWith('b') ? undefined : text), any],
    [like, () => undefined, any],
  ])('%j by %s', (value, change, expected) => {
    expect(mapValue(value, change)).toEqual(expected)
  })
})

describe('one behind the other', () => {
  test.each<[values: readonly Value[], expected: Value]>([
    [[], ''],
    [['', ''], ''],
    [['a', 'b'], 'ab'],
    [['', any, ''], any],
    [['x', any], any],
    [['x', ab, 'y'], {unknown, oneOf: ['xay', 'xby']}],
    // It is the same both times.
    [[ab, ab], {unknown, oneOf: ['aa', 'bb']}],
    [[ab, {...ab}], {unknown, oneOf: ['aa', 'ab', 'ba', 'bb']}],
    [[ab, perhaps], {unknown, perhaps: ['aa', 'ba']}],
    [[{unknown, oneOf: seven.slice(1)}, ab], any],
    [['X', like], {unknown, likes: ['Xa -> /x', 'Xbb -> /x']}],
    [[like, '|', like], {unknown, likes: ['a -> /x|a -> /x', 'bb -> /x|bb -> /x']}],
    [[like, ab], any],
    [[like, {...like}], any],
  ])('%j', (values, expected) => {
    expect(joinValues(values)).toEqual(expected)
  })
})
