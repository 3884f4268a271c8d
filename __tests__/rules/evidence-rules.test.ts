import {describe, expect, test} from '@jest/globals'
import {type ElfIdentity, type Identity, identify, type Verdict} from '../../src/binary/index.ts'
import type {Step} from '../../src/exec/index.ts'
import type {ProgramEvidence} from '../../src/facts/facts.ts'
import {bytesAccess} from '../../src/lib/bytes.ts'
import {capabilityNotGranted} from '../../src/rules/capability-not-granted.ts'
import {notAProgram} from '../../src/rules/not-a-program.ts'
import {pageSize} from '../../src/rules/page-size.ts'
import type {Rule} from '../../src/rules/rule.ts'
import {variantTooNew} from '../../src/rules/variant-too-new.ts'
import {wrongMachine} from '../../src/rules/wrong-machine.ts'
import {wrongOs} from '../../src/rules/wrong-os.ts'
import {buildElf} from '../support/elf-builder.ts'
import {findingsOf, testFacts, testNode, testPlatformFacts, testStep} from '../support/facts.ts'

const NATIVE: Verdict = {fit: 'native'}

async function elf(options: Parameters<typeof buildElf>[0]): Promise<ElfIdentity> {
  const identity = await identify(bytesAccess(buildElf(options)))
  if (identity.kind !== 'elf') throw new Error(`built ${identity.kind}`)
  return identity
}

function go(settings: Readonly<Record<string, string>>): ProgramEvidence {
  return {path: '/app', go: {version: 'go1.26.1', settings: new Map(Object.entries(settings))}, variant: []}
}

function found(
  rule: Rule,
  platform: string,
  identity: Identity | undefined,
  verdict: Verdict,
  ...programs: ProgramEvidence[]
) {
  const step = testStep({node: testNode('/app'), verdict, ...(identity ? {identity} : {})})
  const facts = {...testPlatformFacts(platform, {steps: [step]}), programs}
  return findingsOf(rule, testFacts([facts])).map(({level, message}) => [level, message])
}

describe('variant-too-new', () => {
  const exceeding = (level: 'error' | 'warning'): ProgramEvidence => ({
    path: '/app',
    variant: [
      {source: '.ARM.attributes', says: 'CPU v7', strength: 'indicative'},
      {
        source: 'go-build-info',
        says: 'GOARM=7',
        strength: 'authoritative',
        exceeds: {needs: 'ARMv7', promised: 'v6', level},
      },
    ],
  })

  test('clean: what stays within, and what does not start anyway', async () => {
    expect(
      found(variantTooNew, 'linux/arm/v7', await elf({machine: 40, class: 32}), NATIVE, {path: '/app', variant: []}),
    ).toEqual([])
    const foreign: Verdict = {fit: 'foreign', expected: 'arm', actual: 'x86-64'}
    expect(found(variantTooNew, 'linux/arm/v6', undefined, foreign, exceeding('error'))).toEqual([])
  })

  test.each(['error', 'warning'] as const)('finds it as %s', level => {
    expect(found(variantTooNew, 'linux/arm/v6', undefined, NATIVE, exceeding(level))).toEqual([
      [level, '/app needs ARMv7, but linux/arm/v6 promises only v6 (go-build-info: GOARM=7)'],
    ])
  })
})

describe('page-size', () => {
  test.each([
    ['linux/arm64', 183, 0x10000, 0],
    ['linux/amd64', 62, 0x1000, 0],
    ['linux/arm64', 183, 0x1000, 1],
    ['linux/ppc64le', 21, 0x1000, 1],
  ])('%s, machine %i, aligned to %i: %i findings', async (platform, machine, align, count) => {
    expect(found(pageSize, platform, await elf({machine, align}), NATIVE)).toHaveLength(count)
  })
})

describe('wrong-os', () => {
  test.each([
    ['linux', []],
    ['android', []],
    ['freebsd', [['error', '/app is a program for freebsd, expected one for linux/amd64: Go recorded GOOS=freebsd']]],
  ])('GOOS=%s', (goos, findings) => {
    expect(found(wrongOs, 'linux/amd64', undefined, NATIVE, go({GOOS: goos}))).toEqual(findings)
  })

  test('notes tell, too; Android’s only warn', () => {
    const noted = (os: string): ProgramEvidence => ({path: '/app', noted: {os, reason: 'it has a note'}, variant: []})
    expect(found(wrongOs, 'linux/amd64', undefined, NATIVE, noted('netbsd'))[0]?.[0]).toBe('error')
    expect(found(wrongOs, 'linux/amd64', undefined, NATIVE, noted('android'))[0]?.[0]).toBe('warning')
  })
})

test('wrong-machine names what Go recorded', async () => {
  const verdict: Verdict = {fit: 'foreign', expected: 'aarch64', actual: 'x86-64'}
  expect(
    found(wrongMachine, 'linux/arm64', await elf({machine: 62}), verdict, go({GOOS: 'linux', GOARCH: 'amd64'})),
  ).toEqual([['error', '/app is x86-64 (Go 1.26.1, GOARCH=amd64), expected aarch64 (linux/arm64)']])
})

describe('not-a-program tells the usual cause', () => {
  const refused: Verdict = {fit: 'refused', errno: 'ENOEXEC', reason: 'no'}
  const encode = (text: string) => new TextEncoder().encode(text)
  test.each<[string, Uint8Array, RegExp]>([
    [
      'a Go archive',
      encode(
        '!<arch>\n__.PKGDEF       0           0     0     644     20        `\ngo object linux amd64 go1.26.1 X:none\n',
      ),
      /go build of a package that is not main/,
    ],
    [
      'a Mach-O program',
      Uint8Array.from([0xcf, 0xfa, 0xed, 0xfe, 0x0c, 0, 0, 1, 0, 0, 0, 0, 2, 0, 0, 0, ...new Uint8Array(64)]),
      /built on a Mac/,
    ],
    ['an XML error page', encode('<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>'), /answered NoSuchKey/],
    ['an HTML page', encode('<!DOCTYPE html><html><head><title>Not Found</title></head></html>'), /answered Not Found/],
    ['nothing', new Uint8Array(), /failed left an empty file/],
    ['a gzip file', Uint8Array.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]), /was not unpacked/],
    [
      'a Git LFS pointer',
      encode('version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n'),
      /Git LFS pointers only/,
    ],
    ['an object file', buildElf({type: 1}), /before it was linked/],
    ['text', encode('echo hello\n'), /without a first line/],
  ])('%s', async (_, bytes, cause) => {
    const identity = await identify(bytesAccess(bytes))
    expect(found(notAProgram, 'linux/amd64', identity, refused)).toEqual([['error', expect.stringMatching(cause)]])
  })
})

describe('capability-not-granted', () => {
  const NET_ADMIN = '0100000200100000000000000000000000000000'
  const NET_RAW = '0100000200200000000000000000000000000000'
  const told = async (capability: string, step: Partial<Step> = {}) => {
    const identity = await elf({machine: 183, align: 0x10000})
    const node = {...testNode('/app'), capability}
    const one = testStep({node, identity, verdict: NATIVE, ...step})
    const facts = testPlatformFacts('linux/arm64', {steps: [one]})
    return findingsOf(capabilityNotGranted, testFacts([facts])).map(({message}) => message)
  }
  const MESSAGE =
    '/app carries the file capability CAP_NET_ADMIN, which engines do not grant by default: execve then fails with EPERM, for root too'

  test.each<[string, string, Partial<Step>, readonly string[]]>([
    ['a program', NET_ADMIN, {}, [MESSAGE]],
    ['an interpreter', NET_ADMIN, {role: 'interpreter'}, [MESSAGE]],
    ['a loader', NET_ADMIN, {role: 'loader'}, []],
    ['a file that is only read', NET_ADMIN, {role: 'argument'}, []],
    ['a foreign program', NET_ADMIN, {verdict: {fit: 'foreign', expected: 'aarch64', actual: 'x86-64'}}, []],
    ['what engines grant', NET_RAW, {}, []],
    ['what no kernel takes', 'ff', {}, []],
  ])('%s', async (_, capability, step, expected) => {
    expect(await told(capability, step)).toEqual(expected)
  })

  test('a script has none of its own', async () => {
    const script = await identify(bytesAccess(Buffer.from('#!/bin/sh\n')))
    expect(await told(NET_ADMIN, {identity: script})).toEqual([])
  })
})
