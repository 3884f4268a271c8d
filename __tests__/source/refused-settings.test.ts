import {afterAll, beforeAll, describe, expect, test} from '@jest/globals'
import {type RawRegistry, startRawRegistry} from '../../scripts/meaning/raw-registry.ts'
import {tinyProgram} from '../../scripts/tiny-programs.ts'
import {judge, RAW_SOURCES, rawImage} from '../support/raw-sources.ts'

const FILES = [
  {name: 'app', content: tinyProgram('amd64'), mode: 0o755},
  {name: 'loop', type: '2', linkName: 'loop'},
  {name: 'dangling', type: '2', linkName: 'nowhere'},
]

// Each was measured with docker 28.5 and runc 1.1, in both image stores.
const ROWS: readonly (readonly [string, object, exitCode: number, findings: readonly string[]])[] = [
  ['nothing odd', {WorkingDir: '/new', Volumes: {'/data': {}}, User: '5:6'}, 0, []],
  ['a working directory that is a file', {WorkingDir: '/app'}, 1, ['error missing-program']],
  ['a working directory below a file', {WorkingDir: '/app/x'}, 1, ['error missing-program']],
  ['a working directory in a loop', {WorkingDir: '/loop'}, 1, ['error missing-program']],
  ['a working directory behind a dangling link', {WorkingDir: '/dangling'}, 0, []],
  ['a relative working directory', {WorkingDir: 'new'}, 1, ['error refused-by-engine']],
  ['a working directory with a NUL byte', {WorkingDir: '/a\0b'}, 1, ['error refused-by-engine']],
  ['a volume on a file', {Volumes: {'/app': {}}}, 1, ['error missing-program']],
  ['a volume in a loop', {Volumes: {'/loop': {}}}, 1, ['error missing-program']],
  ['a volume of too long a name', {Volumes: {[`/${'x'.repeat(256)}`]: {}}}, 1, ['error missing-program']],
  ['a relative volume', {Volumes: {data: {}}}, 0, ['warning refused-by-engine']],
  ['a volume on a dangling link', {Volumes: {'/dangling': {}}}, 0, ['warning refused-by-engine']],
  ['a relative volume on a file', {Volumes: {app: {}}}, 1, ['error missing-program', 'warning refused-by-engine']],
  ['a user out of range', {User: '99999999999'}, 1, ['error missing-program']],
  ['a group out of range', {User: '0:-1'}, 1, ['error missing-program']],
  ['a user of nobody', {User: 'nobody'}, 1, ['error missing-program']],
  ['a variable without a name', {Env: ['=x']}, 1, ['error refused-by-engine']],
  ['a variable without a value', {Env: ['x']}, 0, []],
  ['an argument with a NUL byte', {Cmd: ['\0']}, 1, ['error refused-by-engine']],
]

let registry: RawRegistry
beforeAll(async () => {
  registry = await startRawRegistry()
})
afterAll(() => registry.stop())

describe.each(RAW_SOURCES)('from %s', source => {
  test.each(ROWS)('%s', async (_, process, exitCode, expected) => {
    const image = rawImage({}, FILES, {Entrypoint: ['/app'], ...process})
    const judged = await judge(registry, source, image)
    const told = judged.findings.map(({level, rule}) => `${level} ${rule}`)
    expect({exitCode: judged.exitCode, told}).toEqual({exitCode, told: expected})
  })
})
