import {describe, expect, test} from '@jest/globals'
import {checkEntryScript, type EntryScript, type Fault, readEntryScripts} from '../support/entry-scripts.ts'

const SHAPES = readEntryScripts()

/** What must be an error: the final program and each helper of the other machine, and the same not there. */
function twinsOf(shape: EntryScript): readonly (readonly [name: string, shape: EntryScript, fault: Fault])[] {
  return [shape.starts, ...(shape.helpers ?? [])].flatMap(path => [
    [`${shape.name}: ${path} of the other machine`, shape, {foreign: path}] as const,
    [`${shape.name}: no ${path}`, shape, {missing: path}] as const,
  ])
}

describe('a good image passes without an error or a warning, followed to its end', () => {
  test.each(SHAPES.map(shape => [shape.name, shape] as const))('%s', async (_, shape) => {
    const {findings, images} = await checkEntryScript(shape)
    expect(findings.filter(({level}) => level !== 'note').map(({rule, message}) => `${rule}: ${message}`)).toEqual([])
    const platforms = images.flatMap(image => image.platforms)
    expect(platforms.map(({verdict}) => verdict)).toEqual(['match', 'match'])
  })
})

describe('a broken twin is an error', () => {
  test.each(SHAPES.flatMap(twinsOf))('%s', async (_, shape, fault) => {
    const {findings, exitCode} = await checkEntryScript(shape, fault)
    const name = ('foreign' in fault ? fault.foreign : fault.missing).replace(/.*\//, '')
    const isDoubtful = 'missing' in fault && shape.mayBeMade?.includes(fault.missing) === true
    const level = isDoubtful ? 'note' : 'error'
    const expected = findings.filter(one => one.level === level && one.platform === 'linux/arm64')
    const said = findings.map(one => `${one.level} ${one.rule}: ${one.message}`)
    expect({exitCode, said, named: expected.some(({message}) => message.includes(name))}).toMatchObject({
      exitCode: isDoubtful ? 0 : 1,
      named: true,
    })
  })
})
