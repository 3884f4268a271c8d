import {expect} from '@jest/globals'
import type {XmlElement} from './parse-xml.ts'

/**
 * The elements that we write, as Jenkins' schema has them: what each may hold, its attributes, and those that it must
 * have.
 * https://github.com/jenkinsci/xunit-plugin/blob/master/src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd/junit-10.xsd
 */
const SCHEMA: Readonly<
  Record<string, {readonly holds: readonly string[]; readonly may: readonly string[]; readonly must: readonly string[]}>
> = {
  testsuites: {holds: ['testsuite'], may: ['name', 'time', 'tests', 'failures', 'disabled', 'errors'], must: []},
  testsuite: {
    holds: ['testsuite', 'properties', 'testcase', 'system-out', 'system-err'],
    may: [
      'name',
      'tests',
      'failures',
      'errors',
      'group',
      'time',
      'skipped',
      'timestamp',
      'hostname',
      'id',
      'package',
      'file',
      'log',
      'url',
      'version',
    ],
    must: ['name'],
  },
  testcase: {
    holds: ['skipped', 'error', 'failure', 'system-out', 'system-err', 'properties'],
    may: ['name', 'classname', 'time', 'group', 'file', 'line', 'status', 'assertions'],
    must: ['name'],
  },
  failure: {holds: [], may: ['type', 'message'], must: []},
  error: {holds: [], may: ['type', 'message'], must: []},
  skipped: {holds: [], may: ['type', 'message'], must: []},
  'system-out': {holds: [], may: [], must: []},
}

/** Fails where a document is not one that Jenkins takes. */
export function expectJunit({name, attributes, children, text}: XmlElement): void {
  const rule = SCHEMA[name]
  expect([name, rule !== undefined]).toEqual([name, true])
  expect(Object.keys(attributes).filter(key => !rule?.may.includes(key))).toEqual([])
  expect(rule?.must.filter(key => attributes[key] === undefined)).toEqual([])
  expect(children.map(child => child.name).filter(child => !rule?.holds.includes(child))).toEqual([])
  if (rule && rule.holds.length > 0) expect(text.trim()).toBe('')
  for (const child of children) expectJunit(child)
}
