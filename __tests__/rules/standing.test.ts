import {describe, expect, test} from '@jest/globals'
import type {Identity, Verdict} from '../../src/binary/index.ts'
import type {EssentialFile, Step} from '../../src/exec/index.ts'
import type {Level} from '../../src/rules/finding.ts'
import {RULES} from '../../src/rules/index.ts'
import {runAllRules, runRules} from '../../src/rules/run.ts'
import type {NotProgram, ScanFacts} from '../../src/scan/index.ts'
import {testFacts, testNode, testPlatformFacts, testStep} from '../support/facts.ts'
import {foreignFile, testScan} from '../support/scan-facts.ts'
import {testReport} from '../support/test-report.ts'

const FOREIGN: Verdict = {fit: 'foreign', expected: 'aarch64', actual: 'x86-64'}
const I386: Verdict = {fit: 'compat', level: 'warning', expected: 'x86-64', actual: 'i386', reason: 'needs a kernel'}
const ARM: Verdict = {fit: 'compat', level: 'error', expected: 'aarch64', actual: 'arm', reason: 'needs AArch32'}
const MACH_O: Identity & {kind: 'mach-o'} = {kind: 'mach-o', cpus: ['arm64'], fat: false, fileType: 'program'}

/** How a file is used, from nobody to what certainly starts. */
const USES = {
  unused: (step: Step) => ({step, startup: [], healthcheck: []}),
  healthcheck: (step: Step) => ({step, startup: [], healthcheck: [{...step, from: 0}]}),
  likely: (step: Step) => ({step, startup: [{...step, certainty: 'likely', from: 0} as const], healthcheck: []}),
  certain: (step: Step) => ({step, startup: [step], healthcheck: []}),
  // What an interpreter is only told to read, the chain does not judge.
  argument: ({verdict: _, ...step}: Step) => ({step, startup: [{...step, role: 'argument'} as const], healthcheck: []}),
} as const
type Use = keyof typeof USES

interface Place {
  readonly scan?: ScanFacts
  readonly essential?: readonly EssentialFile[]
}

const node = testNode('/usr/bin/kubectl')
const shell: EssentialFile = {
  role: 'shell',
  path: node.path,
  hops: [],
  node,
  identity: {kind: 'empty'},
  verdict: FOREIGN,
}
const macho: NotProgram = {path: node.path, seen: {kind: 'other', identity: MACH_O}}
const PLACES = {
  'in PATH': {scan: testScan({foreign: [foreignFile(node.path, {place: 'path'})]})},
  elsewhere: {scan: testScan({foreign: [foreignFile(node.path)]})},
  'in PATH, for both': {scan: testScan({foreign: [foreignFile(node.path, {place: 'path', fit: 'compat'})]})},
  'for macOS in PATH': {scan: testScan({notPrograms: [macho]})},
  'the shell': {essential: [shell]},
  'not scanned': {},
} as const satisfies Readonly<Record<string, Place>>

function levelsOf(use: Use, place: Place, step: Step): readonly (readonly [string, Level])[] {
  const {startup, healthcheck} = USES[use](step)
  const platform = {
    ...testPlatformFacts('linux/arm64', {steps: startup}),
    ...(healthcheck.length > 0 ? {healthcheck: {argv: [], steps: healthcheck, unknowns: []}} : {}),
    ...place,
  }
  return runRules(RULES, testFacts([platform]), new Map()).map(({rule, level}) => [rule, level] as const)
}

const program = testStep({path: node.path, node, verdict: FOREIGN, identity: {kind: 'empty'}})
const refused = testStep({
  path: node.path,
  node,
  identity: MACH_O,
  verdict: {fit: 'refused', errno: 'ENOEXEC', reason: 'Mach-O program for arm64'},
})

describe('the level of a file', () => {
  test.each<[keyof typeof PLACES, Use, Step, string, Level | undefined]>([
    ['in PATH', 'unused', program, 'foreign-executable', 'error'],
    ['in PATH', 'healthcheck', program, 'wrong-machine', 'error'],
    ['in PATH', 'likely', program, 'wrong-machine', 'error'],
    ['in PATH', 'certain', program, 'wrong-machine', 'error'],
    ['in PATH', 'argument', program, 'foreign-executable', 'error'],
    ['elsewhere', 'unused', program, 'foreign-executable', 'warning'],
    ['elsewhere', 'healthcheck', program, 'wrong-machine', 'warning'],
    ['elsewhere', 'likely', program, 'wrong-machine', 'warning'],
    ['elsewhere', 'certain', program, 'wrong-machine', 'error'],
    ['in PATH, for both', 'unused', {...program, verdict: I386}, 'foreign-executable', 'warning'],
    ['in PATH, for both', 'certain', {...program, verdict: I386}, 'wrong-machine', 'warning'],
    ['in PATH, for both', 'likely', {...program, verdict: ARM}, 'wrong-machine', 'warning'],
    ['in PATH, for both', 'certain', {...program, verdict: ARM}, 'wrong-machine', 'error'],
    ['for macOS in PATH', 'unused', refused, 'not-a-program', 'error'],
    ['for macOS in PATH', 'healthcheck', refused, 'not-a-program', 'error'],
    ['for macOS in PATH', 'likely', refused, 'not-a-program', 'error'],
    ['the shell', 'unused', program, 'foreign-executable', 'error'],
    ['the shell', 'healthcheck', program, 'wrong-machine', 'error'],
    ['the shell', 'likely', program, 'wrong-machine', 'error'],
    ['not scanned', 'healthcheck', program, 'wrong-machine', 'warning'],
    ['not scanned', 'likely', program, 'wrong-machine', 'warning'],
    ['not scanned', 'certain', program, 'wrong-machine', 'error'],
  ])('%s, %s', (place, use, step, rule, level) => {
    expect(levelsOf(use, PLACES[place], step)).toEqual([[rule, level]])
  })

  test.each(Object.keys(PLACES) as (keyof typeof PLACES)[])('%s is never lighter for being used', place => {
    const gravest = (use: Use): number => {
      const levels = levelsOf(use, PLACES[place], place === 'for macOS in PATH' ? refused : program)
      return Math.min(3, ...levels.map(([, level]) => ['error', 'warning', 'note'].indexOf(level)))
    }
    const unused = gravest('unused')
    expect(Math.max(...(Object.keys(USES) as Use[]).map(gravest))).toBe(unused)
  })
})

describe('the verdict of a platform', () => {
  test.each<[Verdict, Step['certainty'], string]>([
    [ARM, 'certain', 'mismatch'],
    [FOREIGN, 'certain', 'mismatch'],
    [I386, 'certain', 'match'],
    [ARM, 'likely', 'match'],
    [{fit: 'native'}, 'certain', 'match'],
  ])('%j that is %s to start, with the rule off: %s', (verdict, certainty, expected) => {
    const facts = testFacts([testPlatformFacts('linux/arm64', {steps: [{...program, verdict, certainty}]})])
    const judged = runAllRules(RULES, facts, new Map([['wrong-machine', 'off']]))
    expect(testReport(facts, judged).images[0]?.platforms[0]?.verdict).toBe(expected)
  })
})
