import {expect, test} from '@jest/globals'
import {asEngineUser, furtherGroups, type UserForm} from '../../src/exec/wrappers/user-forms.ts'

test.each<[form: UserForm, spec: string, expected: string | undefined]>([
  ['engine', 'app:more', 'app:more'],
  ['engine', '1000', '1000'],
  ['id', 'app', 'app'],
  ['id', '1000', '1000'],
  ['name', 'app', 'app'],
  ['name', '1000', undefined],
  ['name', '1000a', '1000a'],
  ['name', 'a1000', 'a1000'],
  ['name', 'app:more', undefined],
  ['sudo', 'app', 'app'],
  ['sudo', '#1000', '1000'],
  ['sudo', '#1000a', undefined],
  ['sudo', '#a1000', undefined],
  ['sudo', '#', undefined],
  ['sudo', '1000', undefined],
  ['sudo', '1000a', '1000a'],
  ['s6', 'app', 'app'],
  ['s6', '1000', undefined],
  ['s6', '1000:2000', '1000:2000'],
  ['s6', 'app:more', undefined],
  ['s6', 'x1000:2000', undefined],
  ['s6', '1000:2000x', undefined],
  ['s6', '1000:', undefined],
  ['chpst', 'app', 'app'],
  ['chpst', 'app:more', 'app:more'],
  ['chpst', 'app:more:other', 'app:more'],
  ['chpst', '1000', undefined],
  ['chpst', 'app:2000', undefined],
  ['chpst', 'app:more:2000', undefined],
  ['chpst', ':1000', undefined],
  ['chpst', ':1000:2000', '1000:2000'],
  ['chpst', ':1000:2000:3000', '1000:2000'],
  ['chpst', ':1000:2000:x', undefined],
  ['chpst', ':x:2000', undefined],
  ['chpst', 'x:1000:2000', undefined],
  // No entry has an empty name; gosu and s6-setuidgid stay who they are.
  ['engine', '', ''],
  ['s6', '', ''],
  ['id', '', undefined],
  ['name', '', undefined],
  ['sudo', '', undefined],
  ['chpst', '', undefined],
])('%s: %s', (form, spec, expected) => {
  expect(asEngineUser(form, spec)).toBe(expected)
})

test.each([
  ['app', []],
  ['app:more', []],
  ['app:more:other:third', ['other', 'third']],
  [':1000:2000', []],
  [':1000:2000:3000', ['3000']],
])('the further groups of %s', (spec, expected) => {
  expect(furtherGroups(spec)).toEqual(expected)
})
