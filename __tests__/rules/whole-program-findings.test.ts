import {expect, test} from '@jest/globals'
import {identify, type VariantEvidence, type Verdict} from '../../src/binary/index.ts'
import type {Step} from '../../src/exec/index.ts'
import type {Facts, PlatformFacts, ProgramEvidence} from '../../src/facts/facts.ts'
import {bytesAccess} from '../../src/lib/bytes.ts'
import {buildElf} from '../support/elf-builder.ts'
import {testNode, testPlatformFacts, testStep} from '../support/facts.ts'
import {goldenText} from '../support/golden.ts'
import {imageConfig} from '../support/image-config.ts'
import {testPlatform} from '../support/memory-source.ts'
import {foreignFile, testScan} from '../support/scan-facts.ts'
import {ARM64, essential, FOREIGN, formatFindings, image, NATIVE} from '../support/whole-images.ts'

const ELF = await identify(bytesAccess(buildElf({machine: 183, align: 0x1000})))
const COMPAT: Verdict = {
  fit: 'compat',
  level: 'warning',
  expected: 'aarch64',
  actual: 'arm',
  reason: 'it needs AArch32',
}
const ANDROID: Verdict = {fit: 'wrong-os', os: 'Android', reason: 'its loader is /system/bin/linker64'}
const APP = testStep({node: testNode('/app'), verdict: NATIVE})
const CHECK: Step = {...APP, path: '/check', via: 'HEALTHCHECK', node: testNode('/check')}

function of(steps: readonly Step[], more: Partial<PlatformFacts> = {}, platform: string = ARM64): Facts {
  return {images: [image([{...testPlatformFacts(platform, {steps}), ...more}])]}
}

const program = (more: Partial<ProgramEvidence>): ProgramEvidence => ({path: '/app', variant: [], ...more})
const go = (settings: Readonly<Record<string, string>>): Partial<ProgramEvidence> => ({
  go: {version: 'go1.26.1', settings: new Map(Object.entries(settings))},
})
const exceeding = (source: VariantEvidence['source'], level: 'error' | 'warning', says: string): VariantEvidence => ({
  ...{source, says, strength: 'authoritative'},
  exceeds: {needs: 'ARMv7', promised: 'ARMv6', level},
})
const LIGHT = exceeding('.ARM.attributes', 'warning', 'CPU v7')
const GRAVE = exceeding('go-build-info', 'error', 'GOARM=7')
const FINE: VariantEvidence = {source: 'e_flags', says: 'EABI5', strength: 'indicative'}
const V6 = 'linux/arm/v6'
const needing = (steps: readonly Step[], ...variant: readonly VariantEvidence[]): Facts =>
  of(steps, {programs: [program({path: '/other', variant: [GRAVE]}), program({variant})]}, V6)

/** The attribute security.capability, of revision 2 and effective, by its permitted bits. */
const capable = (bits: number): Step => {
  const attribute = Buffer.alloc(20)
  attribute.writeUInt32LE(0x02000001, 0)
  attribute.writeUInt32LE(bits, 4)
  return {...APP, identity: ELF, node: {...testNode('/app'), capability: attribute.toString('hex')}}
}
const [NET_ADMIN, SYS_ADMIN] = [1 << 12, 1 << 21]

const missing = (path: string, at: string, counterpart?: string): Step =>
  testStep({path, obstacle: {...{kind: 'missing', errno: 'ENOENT', at}, ...(counterpart ? {counterpart} : {})}})
const withEnv = (env: readonly string[], step: Step): Facts =>
  of([step], {config: imageConfig({env, platform: testPlatform(ARM64)})})
const likely = {certainty: 'likely', from: 0, via: 'run by /app'} as const
const foreign: Step = testStep({path: '/tool', node: testNode('/tool'), verdict: FOREIGN})

const CASES: Readonly<Record<string, () => Facts>> = {
  'more of the processor': () => needing([APP], FINE, LIGHT, GRAVE),
  'more, for some': () => needing([APP], LIGHT, FINE),
  'more, where it may not start': () => needing([{...APP, ...likely}], GRAVE),
  'more, of what may fail': () => needing([{...APP, accepted: true}], GRAVE),
  'no more': () => needing([APP], FINE),
  'more, of what does not start anyway': () => needing([{...APP, verdict: FOREIGN}], GRAVE),
  'more, of a file that is only read': () => needing([testStep({node: testNode('/app')})], GRAVE),
  'another system, by its header': () => of([testStep({node: testNode('/app'), verdict: ANDROID})]),
  'with its loader': () =>
    of([
      testStep({node: testNode('/app'), verdict: ANDROID}),
      testStep({path: '/system/bin/linker64', role: 'loader', from: 0, node: testNode('/l'), verdict: NATIVE}),
    ]),
  'with the loader of another': () =>
    of([
      testStep({node: testNode('/app'), verdict: ANDROID}),
      testStep({path: '/lib/ld.so', role: 'loader', from: 2, node: testNode('/l'), verdict: NATIVE}),
      {...APP, path: '/b', node: testNode('/b')},
    ]),
  'with a loader of nobody': () =>
    of([
      testStep({node: testNode('/app'), verdict: ANDROID}),
      testStep({path: '/lib/ld.so', role: 'loader', node: testNode('/l'), verdict: NATIVE}),
    ]),
  'with a library': () =>
    of([
      testStep({node: testNode('/app'), verdict: ANDROID}),
      testStep({path: '/lib/libx.so', role: 'library', from: 0, node: testNode('/l'), verdict: NATIVE}),
    ]),
  'another system, by Go': () =>
    of([APP], {programs: [program({path: '/x', ...go({GOOS: 'plan9'})}), program(go({GOOS: 'freebsd'}))]}),
  'another system that some kernels start': () =>
    of([{...APP, verdict: COMPAT}], {programs: [program(go({GOOS: 'freebsd'}))]}),
  'another system, where it does not start anyway': () =>
    of([{...APP, verdict: FOREIGN}], {programs: [program({noted: {os: 'FreeBSD', reason: 'a note'}})]}),
  'a note of Android': () => of([APP], {programs: [program({noted: {os: 'android', reason: 'a note'}})]}),
  'a capability': () => of([capable(NET_ADMIN)]),
  'two capabilities': () => of([capable(NET_ADMIN | SYS_ADMIN)]),
  'a capability of what some kernels start': () => of([{...capable(NET_ADMIN), verdict: COMPAT}]),
  'a capability of another machine': () => of([{...capable(NET_ADMIN), verdict: FOREIGN}]),
  'pages of a program': () => of([{...APP, identity: ELF}]),
  'pages of a library': () =>
    of([APP, {...APP, path: '/lib/libx.so', node: testNode('/lib/libx.so'), role: 'library', from: 0, identity: ELF}]),
  'pages of another machine': () => of([{...APP, identity: ELF, verdict: FOREIGN}]),
  'a variable': () =>
    withEnv(['JAVA_HOME=/opt/java', 'X=/opt/java/jdk'], missing('/opt/java/jdk/bin/java', '/opt/java/jdk')),
  'a variable with a slash': () => withEnv(['JAVA_HOME=/opt/java/'], missing('/opt/java/bin/java', '/opt/java')),
  'variables that say nothing': () =>
    withEnv(
      ['A=/', 'B=/opt', 'C=x/opt/java', 'D=/opt/java:/x', 'E=/opt/jav', 'F=', 'G=/opt/j'],
      missing('/opt/java/bin/java', '/opt/java'),
    ),
  'a variable of another architecture': () =>
    withEnv(['JAVA_HOME=/opt/java-amd64'], missing('/opt/java-amd64/bin/java', '/opt/java-amd64', '/opt/java-arm64')),
  'a variable below it': () =>
    withEnv(['JAVA_HOME=/opt/amd64/jdk'], missing('/opt/amd64/jdk/bin/java', '/opt/amd64', '/opt/arm64')),
  'a variable above it': () => withEnv(['HOME=/opt/x'], missing('/opt/x/amd64/java', '/opt/x/amd64', '/opt/x/arm64')),
  'a variable beside it': () =>
    withEnv(['X=/opt/x/y'], missing('/opt/x/y/java', '/opt/x/y/java', '/opt/x/y/java-arm64')),
  'a step that may not be taken': () => of([APP, {...foreign, ...likely}]),
  'a step that may fail': () => of([APP, {...foreign, accepted: true}]),
  'a HEALTHCHECK': () => of([APP], {healthcheck: {argv: [], steps: [{...CHECK, verdict: FOREIGN}], unknowns: []}}),
  'a HEALTHCHECK that may fail': () =>
    of([APP], {healthcheck: {argv: [], steps: [{...CHECK, verdict: FOREIGN, accepted: true}], unknowns: []}}),
  'a HEALTHCHECK by what starts': () =>
    of([{...APP, verdict: FOREIGN}], {healthcheck: {argv: [], steps: [{...APP, verdict: FOREIGN}], unknowns: []}}),
  'a HEALTHCHECK by a file of another role': () =>
    of([APP], {healthcheck: {argv: [], steps: [{...APP, role: 'interpreter', verdict: FOREIGN}], unknowns: []}}),
  'a shell that may not be taken': () =>
    of([APP, {...foreign, ...likely}], {essential: [essential('shell', '/bin/sh', FOREIGN, '/tool')]}),
  'a native shell, and a foreign tool': () =>
    of([APP, {...foreign, ...likely}], {essential: [essential('shell', '/tool', NATIVE)]}),
  'a loader beside its own': () =>
    of([APP, {...foreign, ...likely}], {
      essential: [essential('loader', '/tool', FOREIGN), essential('loader', '/lib/ld.so', NATIVE)],
    }),
  'a file of PATH that may not be taken': () =>
    of([APP, {...foreign, ...likely}], {scan: testScan({foreign: [foreignFile('/tool', {place: 'path'})]})}),
  'a file of PATH that may fail': () =>
    of([APP, {...foreign, accepted: true}], {scan: testScan({foreign: [foreignFile('/tool', {place: 'path'})]})}),
  'a file of PATH that a HEALTHCHECK starts': () =>
    of([APP], {
      healthcheck: {argv: [], steps: [{...foreign, via: 'HEALTHCHECK'}], unknowns: []},
      scan: testScan({foreign: [foreignFile('/tool', {place: 'path'})]}),
    }),
}

test('findings on programs are word for word', () => {
  const actual = formatFindings(CASES)
  expect(actual).toBe(goldenText('rules/golden/programs.txt', actual))
})
