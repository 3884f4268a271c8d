import type {ExplainedFinding} from '../../src/explain/index.ts'
import type {Report, ReportImage, ReportPlatform} from '../../src/report/report.ts'
import type {Evidence} from '../../src/rules/finding.ts'
import {RULES} from '../../src/rules/index.ts'
import {helpOf} from '../../src/rules/run.ts'
import {
  ALL_MATCH,
  DOCKERFILES,
  FOREIGN_PROGRAM,
  NOT_CHECKED,
  ONE_UNREAD,
  SEVERAL_IMAGES,
  SUPPRESSED,
  sampleDigest,
  TOLERATED,
} from './sample-reports.ts'

/**
 * A report for each rule, and one for each shape that a report can have: every format is held to its golden text over
 * all of them. Names that an image chose try to be markup, commands and colours.
 */

/** What a rule saw, where its words depend on it. */
const EVIDENCE: Readonly<Record<string, Evidence>> = {
  'wrong-machine': {actual: 'x86-64', expected: 'aarch64'},
  'foreign-executable': {actual: 'x86-64', count: 7, files: Array.from({length: 7}, (_, at) => `/opt/<b>/${at}|.so`)},
  'missing-program': {via: 'entrypoint'},
  'missing-interpreter': {role: 'loader'},
  'missing-library': {library: 'libssl.so.3'},
  'missing-addon': {package: '@org/sharp'},
  'libc-too-old': {versions: ['GLIBC_2.34', 'GLIBC_2.38']},
  'not-a-program': {kind: 'mach-o'},
  'wrong-os': {os: 'freebsd'},
  'not-executable': {reason: 'no-execute-permission'},
  'variant-too-new': {needs: 'x86-64-v3'},
  'page-size': {align: 4096},
  'capability-not-granted': {capabilities: ['CAP_SYS_ADMIN']},
  'refused-by-engine': {by: 'both'},
  'config-platform-mismatch': {index: 'linux/arm64', config: 'linux/amd64'},
  'identical-platforms': {same: 'layers', twin: 'linux/amd64'},
  'platform-missing': {kind: 'index', required: 'linux/arm64'},
  'platform-malformed': {meant: 'linux/arm/v7'},
  'platform-duplicate': {digests: [sampleDigest(1), sampleDigest(2)]},
  'ambiguous-document': {document: 'the config'},
}

const HOSTILE_PATH = '/app/`x`|<img src=x onerror=1>\n::set-output name=verified::true\u001b[31m\u202e'
const REFERENCE = 'ghcr.io/org/app:1.4.2'

function platform(name: string, change: Partial<ReportPlatform> = {}): ReportPlatform {
  return {
    ...{platform: name, digest: sampleDigest(0xa2), verdict: 'match', checked: true},
    program: {argv: ['/app'], steps: [{path: HOSTILE_PATH, kind: 'elf', machine: 'aarch64', via: 'entrypoint'}]},
    ...change,
  }
}

function imageOf(reference: string, platforms: readonly ReportPlatform[]): ReportImage {
  return {reference, name: reference.replace(/:[^/:]*$/, ''), digest: sampleDigest(0x01), platforms}
}

/** One finding of a rule: on a file of linux/arm64, or on a line of a Dockerfile. */
function reportOf({id, level}: (typeof RULES)[number]): Report {
  const isOnFile = /^(?:base-|platform-arg|build-platform|hardcoded)/.test(id)
  const isAbsent = id === 'platform-missing' || id === 'platform-lost' || id === 'platform-unreadable'
  const isWhole = /^platform-|^config-|^refused-by|^identical/.test(id)
  const finding: ExplainedFinding = {
    ...{rule: id, level, message: `${isWhole ? 'linux/arm64' : HOSTILE_PATH} is what ${id} finds`},
    ...(isOnFile
      ? {file: 'build/Dockerfile', line: 7, endLine: 8}
      : {image: REFERENCE, platform: 'linux/arm64', ...(isWhole ? {} : {path: HOSTILE_PATH})}),
    evidence: EVIDENCE[id] ?? {},
    fix: `Do what ${id} says: <b>`,
    help: helpOf(id),
  }
  const wrong = platform('linux/arm64', level === 'error' ? {verdict: 'mismatch'} : {})
  return {
    ...ALL_MATCH,
    verdict: level === 'error' ? 'fail' : 'pass',
    images: isOnFile ? [] : [imageOf(REFERENCE, isAbsent ? [] : [wrong])],
    ...(isOnFile ? {dockerfiles: DOCKERFILES.dockerfiles ?? []} : {}),
    findings: [finding],
  }
}

const TWELVE = [
  'amd64',
  'arm64',
  'arm/v7',
  'arm/v6',
  'arm/v5',
  '386',
  's390x',
  'ppc64le',
  'riscv64',
  'mips64le',
  'loong64',
]
const DARK = platform('linux/arm64', {verdict: 'undetermined', undetermined: 'the command is not known'})

const SHAPES: Readonly<Record<string, Report>> = {
  'one platform': {...ALL_MATCH, images: [imageOf(REFERENCE, [platform('linux/arm64')])]},
  'twelve platforms, one wrong': {
    ...FOREIGN_PROGRAM,
    images: [
      imageOf(REFERENCE, [
        ...TWELVE.map(name => platform(`linux/${name}`, name === 'arm64' ? {verdict: 'mismatch'} : {})),
        platform('windows/amd64', {verdict: 'undetermined', checked: false}),
      ]),
    ],
  },
  'twelve images': {
    ...ALL_MATCH,
    images: Array.from({length: 12}, (_, at) => imageOf(`app${at}:1`, [platform('linux/arm64')])),
  },
  '300 images, one unread': {
    ...ONE_UNREAD,
    images: [
      ...Array.from({length: 299}, (_, at) => imageOf(`app${at}:1`, [platform('linux/arm64')])),
      ...ONE_UNREAD.images.filter(({problem}) => problem !== undefined),
    ],
  },
  'undetermined passes': {...ALL_MATCH, images: [imageOf(REFERENCE, [DARK])]},
  'undetermined fails': {
    ...ALL_MATCH,
    configuration: {...ALL_MATCH.configuration, onUndetermined: 'fail'},
    verdict: 'fail',
    images: [imageOf(REFERENCE, [DARK, platform('linux/amd64')])],
  },
  'a hostile platform': {...ALL_MATCH, images: [imageOf(REFERENCE, [platform('linux/<b>|`x`\n##[error]')])]},
  'nothing to check': {...ALL_MATCH, images: []},
  'another system': NOT_CHECKED,
  'several images': SEVERAL_IMAGES,
  tolerated: TOLERATED,
  suppressed: SUPPRESSED,
  'one of three unread': ONE_UNREAD,
}

export const EVERY_REPORT: readonly (readonly [name: string, report: Report])[] = [
  ...RULES.map(rule => [rule.id, reportOf(rule)] as const),
  ...Object.entries(SHAPES),
]
