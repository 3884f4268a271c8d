import type {Verdict} from '../../src/binary/index.ts'
import type {EssentialFile} from '../../src/exec/index.ts'
import type {Baseline, Facts, ImageFacts, PlatformFacts} from '../../src/facts/facts.ts'
import type {PlatformEntry, Referrer} from '../../src/image/source.ts'
import {RULES} from '../../src/rules/index.ts'
import {runRules} from '../../src/rules/run.ts'
import type {ScanFacts} from '../../src/scan/index.ts'
import {testNode, testPlatformFacts, testStep} from './facts.ts'
import {imageConfig} from './image-config.ts'
import {testDigest, testEntry, testPlatform, testRoot} from './memory-source.ts'
import {scannedPlatform, testScan} from './scan-facts.ts'

/* Facts of whole images, for findings that are held word for word. */

export const NATIVE: Verdict = {fit: 'native'}
export const FOREIGN: Verdict = {fit: 'foreign', expected: 'aarch64', actual: 'x86-64'}
export const [AMD64, ARM64] = ['linux/amd64', 'linux/arm64'] as const

export interface Shape {
  readonly index: string
  readonly digest: number
  readonly config?: string
  readonly created?: string
  readonly layers?: readonly number[]
  readonly verdict?: Verdict
  readonly scan?: Partial<ScanFacts>
}

export function platformOf({index, digest, config = index, created, layers = [], verdict = NATIVE, scan}: Shape) {
  const diffIds = layers.map(testDigest)
  const facts: PlatformFacts = {
    ...testPlatformFacts(index, {steps: [testStep({node: testNode('/app'), verdict})]}),
    entry: testEntry(index, digest),
    config: imageConfig({platform: testPlatform(config), created, diffIds}),
  }
  return scan === undefined ? facts : {...facts, scan: testScan(scan)}
}

export function image(platforms: readonly PlatformFacts[], more: Partial<ImageFacts> = {}): ImageFacts {
  const root = {...testRoot([]), entries: platforms.map(({entry}) => entry)}
  return {reference: 'app:1', name: 'app', root, required: undefined, platforms, unreadable: [], ...more}
}

export const images = (shapes: readonly Shape[], more: Partial<ImageFacts> = {}): Facts => ({
  images: [image(shapes.map(platformOf), more)],
})
export const scanned = (scan: Partial<ScanFacts>, more: Partial<PlatformFacts> = {}): Facts => ({
  images: [image([{...scannedPlatform(scan), ...more}])],
})
export const onePlatform = (more: Partial<PlatformFacts>): Facts => ({
  images: [image([{...platformOf({index: ARM64, digest: 1}), ...more}])],
})
export const withRoot = (more: Partial<ImageFacts['root']>): Facts => ({
  images: [image([platformOf(GOOD)], {root: {...testRoot([ARM64]), ...more}})],
})

export function baseline(...entries: readonly (readonly [string, number])[]): Baseline {
  const found = entries.map(([platform, digest]): PlatformEntry => testEntry(platform, digest))
  return {found: true, reference: 'app:0', root: {...testRoot([]), entries: found}}
}

export const leg = (index: string, digest: number, more: Partial<ImageFacts> = {}): ImageFacts =>
  image([platformOf({index, digest})], {reference: `app@${testDigest(digest)}`, ...more})
export const essential = (role: EssentialFile['role'], path: string, verdict: Verdict, at = path): EssentialFile => ({
  ...{
    role,
    path,
    hops: at === path ? [] : [{path, target: at}],
    node: testNode(at),
    identity: {kind: 'empty'},
    verdict,
  },
})
export const malformed = (os: string, architecture: string, variant = ''): PlatformEntry => ({
  ...testEntry(AMD64, 1),
  platform: {os, architecture, variant},
})
export const referrer = (more: Partial<Referrer>): Referrer => ({
  ...{kind: 'artifact', descriptor: testEntry(ARM64, 9).descriptor},
  ...more,
})
export const GOOD: Shape = {index: ARM64, digest: 1}
export const OLD = '2026-01-01T00:00:00Z'
export const NEW = '2026-11-01T00:00:00Z'
export const TWO: readonly Shape[] = [
  {index: AMD64, digest: 1},
  {index: ARM64, digest: 2},
]

/** Findings as a golden file has them: all that is said but where it is explained, in the order of the report. */
export function formatFindings(cases: Readonly<Record<string, () => Facts>>): string {
  const rows = Object.entries(cases).map(([title, facts]) => {
    const findings = runRules(RULES, facts(), new Map()).map(({help: _, image: __, ...finding}) => finding)
    return JSON.stringify([title, findings], null, 1)
  })
  return `${rows.join('\n')}\n`
}
