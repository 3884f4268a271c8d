import {describe, expect, test} from '@jest/globals'
import {apiReference, declarationOf, exportsOf} from '../../scripts/package/api-table.ts'
import {reachableDeclarations} from '../../scripts/package/declarations.ts'
import {documentedExamples} from '../../scripts/package/documented-examples.ts'

const FACE = "export { a, type B } from '../x/a.ts';\nexport type { C, } from './c.ts';\n"
const A = `import type { B } from './b.ts';
/** Not this one. */
export declare function abc(): void;
/**
 * Says what
 * it is.
 */
export declare function a(b: B): void;
/** One of two. */
export type B = {
    /** In bytes. */
    readonly size: number;
} | 'none';
export declare const other: readonly string[];
export type Union = 
/** The first; with a brace: } */
'a;'
/** The second. */
 | {
    readonly b: (at: number) => void;
};
export interface Face<T> {
    /** Of T. */
    get(): T;
}
type Hidden = 1;
`

test('the face names what is exported, and which of it are types', () => {
  expect(exportsOf(FACE)).toEqual([
    {name: 'a', isType: false, from: '../x/a.ts'},
    {name: 'B', isType: true, from: '../x/a.ts'},
    {name: 'C', isType: true, from: './c.ts'},
  ])
})

describe('a declaration', () => {
  test.each([
    ['a', {comment: 'Says what it is.', code: 'function a(b: B): void;'}],
    ['abc', {comment: 'Not this one.', code: 'function abc(): void;'}],
    ['B', {comment: 'One of two.', code: "type B = {\n  /** In bytes. */\n  readonly size: number;\n} | 'none';"}],
    ['other', {comment: '', code: 'const other: readonly string[];'}],
    [
      'Union',
      {
        comment: '',
        code: "type Union = \n/** The first; with a brace: } */\n'a;'\n/** The second. */\n | {\n  readonly b: (at: number) => void;\n};",
      },
    ],
    ['Face', {comment: '', code: 'interface Face<T> {\n  /** Of T. */\n  get(): T;\n}'}],
    ['size', undefined],
    ['ab', undefined],
  ])('%s', (name, expected) => expect(declarationOf(A, name)).toEqual(expected))
})

test('the reference: functions before types', () => {
  const all = new Map([
    ['l/i.d.ts', FACE],
    ['x/a.d.ts', A],
    ['l/c.d.ts', 'export interface C {\n}\n'],
  ])
  const headings = apiReference(all, 'l/i.d.ts').match(/^#+ .*$/gm)
  expect(headings).toEqual(['### Functions and values', '#### a', '### Types', '#### B', '#### C'])
  all.set('l/c.d.ts', '')
  expect(() => apiReference(all, 'l/i.d.ts')).toThrow('l/c.d.ts has no declaration of C')
})

test('a declaration that is not there is an error', () => {
  expect(() => reachableDeclarations('/nowhere', 'index.d.ts')).toThrow('ENOENT')
})

test('examples: what each prints stands below it', () => {
  const page = '## One\n\n```js\na\n```\n\n```text\n1\n```\n\n## Two\n\n```js\nb\n```\n\n```text\n2\n\n3\n```\n'
  expect(documentedExamples(page)).toEqual([
    {name: 'One', code: 'a\n', prints: '1\n'},
    {name: 'Two', code: 'b\n', prints: '2\n\n3\n'},
  ])
  expect(() => documentedExamples('## One\n\n```js\na\n```\n\nthen text\n')).toThrow('One')
})
