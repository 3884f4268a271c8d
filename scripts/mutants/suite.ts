import {resolve} from 'node:path'
import {format} from 'node:util'
import {expect} from 'expect'

/*
 * What stands in for @jest/globals where tests are run in this process: they are collected once, and each can be run by
 * itself, again and again. It has what the tests of the pure folders use.
 */

type Body = () => unknown

/** A `describe`, or a file of tests. */
export interface Group {
  readonly name: string
  readonly parent: Group | undefined
  readonly before: Body[]
  readonly after: Body[]
  readonly beforeEach: Body[]
  readonly afterEach: Body[]
}

/** A test. `id` is its file and name, with a number where others have the same. */
export interface Case {
  readonly id: string
  readonly file: string
  readonly group: Group
  readonly body: Body
}

const collected: Case[] = []
const names = new Map<string, number>()
const open: {file: string; group: Group} = {file: '', group: newGroup('', undefined)}

/** Imports a file of tests, named from the current directory, and adds them to the cases. */
export async function collectFile(file: string): Promise<void> {
  open.file = file
  open.group = newGroup(file, undefined)
  await import(resolve(file))
}

/** All tests of the files that were imported. */
export function allCases(): readonly Case[] {
  return collected
}

/** The groups that a test is in, its file first. */
export function groupsOf({group}: Case): readonly Group[] {
  const path: Group[] = []
  for (let at: Group | undefined = group; at !== undefined; at = at.parent) path.unshift(at)
  return path
}

function newGroup(name: string, parent: Group | undefined): Group {
  return {name, parent, before: [], after: [], beforeEach: [], afterEach: []}
}

function addGroup(name: string, body: Body): void {
  const outer = open.group
  open.group = newGroup(`${outer.name} ${name}`, outer)
  body()
  open.group = outer
}

function addCase(name: string, body: Body): void {
  const whole = `${open.group.name} ${name}`
  const before = names.get(whole) ?? 0
  names.set(whole, before + 1)
  const id = before === 0 ? whole : `${whole} (${before + 1})`
  collected.push({id, file: open.file, group: open.group, body})
}

type Add<A extends readonly unknown[]> = (name: string, body: (...args: A) => unknown) => void
type Each = (table: readonly unknown[]) => Add<readonly unknown[]>

const each =
  (add: Add<[]>): Each =>
  table =>
  (name, body) => {
    for (const row of table) {
      const args: readonly unknown[] = Array.isArray(row) ? row : [row]
      add(format(name.replaceAll('%p', '%j'), ...args.slice(0, name.match(/%[sdijo]/g)?.length ?? 0)), () =>
        body(...args),
      )
    }
  }

const hook = (kind: 'before' | 'after' | 'beforeEach' | 'afterEach') => (body: Body) => void open.group[kind].push(body)

export {expect}
export const describe = Object.assign(addGroup, {each: each(addGroup)})
export const test = Object.assign(addCase, {each: each(addCase)})
export const it = test
export const beforeAll = hook('before')
export const afterAll = hook('after')
export const beforeEach = hook('beforeEach')
export const afterEach = hook('afterEach')
