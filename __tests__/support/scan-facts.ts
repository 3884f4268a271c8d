import type {PlatformFacts} from '../../src/facts/facts.ts'
import type {ForeignFile, ScanFacts} from '../../src/scan/index.ts'
import {testNode, testPlatformFacts, testStep} from './facts.ts'
import {testDigest} from './memory-source.ts'

/** A scan that saw nothing wrong, but for what a test gives. */
export function testScan(scan: Partial<ScanFacts> = {}): ScanFacts {
  return {
    files: 100,
    machines: [{machine: 'aarch64', count: 10}],
    foreign: [],
    beyond: 0,
    notPrograms: [],
    libraries: {programs: 10, problems: []},
    addons: [],
    suppressed: [],
    unpaired: [],
    named: [],
    ignored: [],
    commands: [],
    pathPrograms: {native: 10, all: 10},
    ...scan,
  }
}

/** One platform whose program is right and whose files were all looked at. */
export function scannedPlatform(scan: Partial<ScanFacts>, platform = 'linux/arm64'): PlatformFacts {
  return {
    ...testPlatformFacts(platform, {steps: [testStep({node: testNode('/app'), verdict: {fit: 'native'}})]}),
    layers: [0, 1, 2].map(index => ({
      index,
      digest: testDigest(0x10 + index),
      createdBy: index === 0 ? undefined : `COPY layer${index} /`,
    })),
    scan: testScan(scan),
  }
}

/** An x86-64 program of layer 1, outside of PATH. */
export function foreignFile(path: string, more: Partial<ForeignFile> = {}): ForeignFile {
  return {
    path,
    machine: 'x86-64',
    what: 'x86-64 ELF executable',
    fit: 'foreign',
    place: 'elsewhere',
    mode: 0o755,
    size: 1000,
    layer: 1,
    ...more,
  }
}
