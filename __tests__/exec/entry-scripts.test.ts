import {describe, expect, test} from '@jest/globals'
import {checkEntryScript, type EntryScript, type Fault, readEntryScripts} from '../support/entry-scripts.ts'

const SHAPES = readEntryScripts()
const FOLLOWED = SHAPES.filter(({follows}) => follows !== 'undetermined')

/** What must be an error: the final program and each helper of the other machine, and the same not there. */
function twinsOf(shape: EntryScript): readonly (readonly [name: string, shape: EntryScript, fault: Fault])[] {
  return [shape.starts, ...(shape.helpers ?? [])].flatMap(path => [
    [`${shape.name}: ${path} of the other machine`, shape, {foreign: path}] as const,
    [`${shape.name}: no ${path}`, shape, {missing: path}] as const,
  ])
}

describe('a good image passes without an error or a warning, followed to its end', () => {
  test.each(FOLLOWED.map(shape => [shape.name, shape] as const))('%s', async (_, shape) => {
    const {findings, images} = await checkEntryScript(shape)
    expect(findings.filter(({level}) => level !== 'note').map(({rule, message}) => `${rule}: ${message}`)).toEqual([])
    const platforms = images.flatMap(image => image.platforms)
    expect(platforms.map(({verdict}) => verdict)).toEqual(['match', 'match'])
  })
})

test('what is not followed to its end is a warning, and nothing else', async () => {
  const undetermined = SHAPES.filter(({follows}) => follows === 'undetermined')
  for (const shape of undetermined) {
    const {exitCode, findings} = await checkEntryScript(shape)
    expect(exitCode).toBe(0)
    expect(new Set(findings.filter(({level}) => level !== 'note').map(({level, rule}) => `${level} ${rule}`))).toEqual(
      new Set(['warning undetermined']),
    )
  }
  expect(undetermined.map(({name}) => name)).toEqual([])
})

describe('a broken twin is an error', () => {
  test.each(SHAPES.flatMap(twinsOf))('%s', async (_, shape, fault) => {
    const {findings, exitCode} = await checkEntryScript(shape, fault)
    const name = ('foreign' in fault ? fault.foreign : fault.missing).replace(/.*\//, '')
    const isDoubtful = 'missing' in fault && shape.mayBeMade?.includes(fault.missing) === true
    const isLikely = shape.follows === 'likely' && !isDoubtful
    const level = isDoubtful ? 'note' : isLikely ? 'warning' : 'error'
    const expected = findings.filter(one => one.level === level && one.platform === 'linux/arm64')
    const said = findings.map(one => `${one.level} ${one.rule}: ${one.message}`)
    expect({exitCode, said, named: expected.some(({message}) => message.includes(name))}).toMatchObject({
      exitCode: level === 'error' ? 1 : 0,
      named: true,
    })
  })
})
