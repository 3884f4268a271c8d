import type {ExplainedFinding} from '../../src/explain/index.ts'
import {type Configuration, withDigest} from '../../src/report/configuration.ts'
import type {Report, ReportImage, ReportPlatform, ReportScan, ReportStep} from '../../src/report/report.ts'

/** Reports of every shape that the reporters must show well, and of shapes that nobody would like to meet. */

const HELP = 'https://github.com/org/verify-image-arch/blob/main/docs/rules'

/** A digest that is easy to tell apart: sampleDigest(1) is `sha256:0101…`. */
export function sampleDigest(byte: number): string {
  return `sha256:${byte.toString(16).padStart(2, '0').repeat(32)}`
}

const INDEX = 'application/vnd.oci.image.index.v1+json'
const TOOL = {name: 'verify-image-arch', version: '1.2.3'}

/** What a user has who wrote nothing. */
const USUAL: Configuration = {
  scope: 'essential',
  ignore: [],
  failOn: 'error',
  onUndetermined: 'pass',
  rules: {},
  limits: {},
  dockerfiles: [],
}
export const SAMPLE_CONFIGURATION = withDigest(USUAL)

const REFERENCE = 'ghcr.io/org/app:1.4.2'

const APP_LAYER = {index: 3, digest: sampleDigest(0x33), createdBy: 'COPY /out/app /opt/app # buildkit'}

function tini(machine: string): ReportStep {
  return {
    path: '/sbin/tini',
    kind: 'elf',
    machine,
    via: 'entrypoint',
    layer: {index: 1, digest: sampleDigest(0x11), createdBy: 'RUN /bin/sh -c apk add --no-cache tini # buildkit'},
  }
}

function app(machine: string): ReportStep {
  return {path: '/app', resolved: '/opt/app', kind: 'elf', machine, via: 'argument of tini', layer: APP_LAYER}
}

function platform(name: string, byte: number, steps: readonly ReportStep[], verdict: ReportPlatform['verdict']) {
  return {
    ...{platform: name, digest: sampleDigest(byte), verdict, checked: true},
    program: {argv: ['/sbin/tini', '--', '/app'], steps},
  }
}

function image(reference: string, byte: number, platforms: readonly ReportPlatform[]): ReportImage {
  return {reference, name: reference.replace(/:[^/:]*$/, ''), digest: sampleDigest(byte), mediaType: INDEX, platforms}
}

const AMD64 = platform('linux/amd64', 0xa1, [tini('x86-64'), app('x86-64')], 'match')
const ARMV7 = platform('linux/arm/v7', 0xa3, [tini('arm'), app('arm')], 'match')

/** Three platforms, all as the manifest says. */
export const ALL_MATCH: Report = {
  schemaVersion: 1,
  tool: TOOL,
  configuration: SAMPLE_CONFIGURATION,
  verdict: 'pass',
  images: [
    image(REFERENCE, 0x01, [AMD64, platform('linux/arm64', 0xa2, [tini('aarch64'), app('aarch64')], 'match'), ARMV7]),
  ],
  findings: [],
  switchedOff: [],
}

const WRONG_MACHINE: ExplainedFinding = {
  rule: 'wrong-machine',
  level: 'error',
  image: REFERENCE,
  platform: 'linux/arm64',
  path: '/app',
  message: '/app -> /opt/app (argument of tini) is x86-64, expected aarch64 (linux/arm64)',
  evidence: {path: '/app', resolved: '/opt/app', expected: 'aarch64', actual: 'x86-64', links: ['/app -> /opt/app']},
  cause: {
    kind: 'line',
    message: 'GOARCH is set to amd64 for every platform',
    layer: APP_LAYER,
    file: 'build/Dockerfile',
    line: 12,
    endLine: 14,
  },
  fix: 'Take the architecture from the builder: ARG TARGETARCH, then GOARCH=$TARGETARCH.',
  help: `${HELP}/wrong-machine.md`,
}

/** A whole image that was looked through. */
const SCAN: ReportScan = {
  files: 12_345,
  machines: [
    {machine: 'aarch64', count: 811},
    {machine: 'x86-64', count: 4},
  ],
  foreign: 1,
  notPrograms: 0,
  linked: 312,
  suppressed: [{reason: 'named-directory', count: 2, files: ['/app/prebuilds/linux-x64/a.node', '/app/linux-x64/b']}],
  ignored: [
    {glob: '/opt/sdk/**', reason: 'for builds', count: 1, files: ['/opt/sdk/bin/x']},
    {glob: '/opt/old-sdk/**', count: 0, files: []},
  ],
}

/** What this project is for: an amd64 program in the arm64 image, and a platform that is not there. */
export const FOREIGN_PROGRAM: Report = {
  ...ALL_MATCH,
  verdict: 'fail',
  images: [
    {
      ...image(REFERENCE, 0x01, [
        AMD64,
        {...platform('linux/arm64', 0xa2, [tini('aarch64'), app('x86-64')], 'mismatch'), scan: SCAN},
        ARMV7,
      ]),
      otherEntries: {attestations: 3, artifacts: 0, indexes: 1},
    },
  ],
  baseline: {
    reference: 'ghcr.io/org/app:1.4.1',
    digest: sampleDigest(0x0b),
    found: true,
    changed: ['linux/amd64', 'linux/arm64'],
    unchanged: ['linux/arm/v7'],
    lost: [],
    added: [],
  },
  unusedIgnores: ['/opt/old-sdk/**'],
  findings: [
    WRONG_MACHINE,
    {
      rule: 'platform-missing',
      level: 'error',
      image: REFERENCE,
      platform: 'linux/riscv64',
      message: 'linux/riscv64 is not in the index, which has linux/amd64, linux/arm64, linux/arm/v7',
      evidence: {required: 'linux/riscv64', available: ['linux/amd64', 'linux/arm64', 'linux/arm/v7'], kind: 'index'},
      fix: 'Build linux/riscv64 too (docker buildx build --platform …) and push all platforms as one index.',
      help: `${HELP}/platform-missing.md`,
    },
    {
      rule: 'foreign-executable',
      level: 'note',
      image: REFERENCE,
      platform: 'linux/arm/v7',
      path: '/usr/lib/test/hello-amd64',
      message: '/usr/lib/test/hello-amd64 is x86-64, expected arm (linux/arm/v7), which its name says, too',
      evidence: {expected: 'arm', actual: 'x86-64'},
      help: `${HELP}/foreign-executable.md`,
    },
  ],
}

const SCRIPT: ReportStep = {path: '/entrypoint.sh', kind: 'script', via: 'entrypoint', layer: {...APP_LAYER, index: 5}}

/**
 * Several images; a script that passes with a warning, an image without a command, one from an engine without a digest.
 */
export const SEVERAL_IMAGES: Report = {
  ...ALL_MATCH,
  verdict: 'pass',
  images: [
    image('ghcr.io/org/api:2', 0x02, [AMD64]),
    image('ghcr.io/org/worker:2', 0x03, [
      {
        ...platform('linux/amd64', 0xb1, [SCRIPT], 'undetermined'),
        program: {argv: ['/entrypoint.sh'], steps: [SCRIPT]},
      },
      {...platform('linux/arm64', 0xb2, [], 'undetermined'), program: {argv: [], steps: []}},
    ]),
    {
      reference: 'docker-daemon:tool:dev',
      platforms: [
        {
          platform: 'linux/amd64',
          verdict: 'match',
          checked: true,
          program: {argv: ['/app'], steps: [{...app('x86-64'), via: 'entrypoint'}]},
        },
      ],
    },
  ],
  findings: [
    {
      rule: 'undetermined',
      level: 'warning',
      image: 'ghcr.io/org/worker:2',
      platform: 'linux/amd64',
      path: '/entrypoint.sh',
      message: '/entrypoint.sh is a script: what it starts is not followed',
      evidence: {argv: ['/entrypoint.sh'], reason: 'script'},
      help: `${HELP}/undetermined.md`,
    },
    {
      rule: 'undetermined',
      level: 'warning',
      image: 'ghcr.io/org/worker:2',
      platform: 'linux/arm64',
      message: 'the image has no command',
      evidence: {argv: [], reason: 'no command'},
      help: `${HELP}/undetermined.md`,
    },
  ],
}

/** A pull request's Dockerfiles: no image is there yet. */
export const DOCKERFILES: Report = {
  ...ALL_MATCH,
  verdict: 'fail',
  images: [],
  dockerfiles: [
    {
      file: 'Dockerfile',
      stages: [
        {name: 'build', line: 2, base: 'golang:1.26@sha256:70…', platform: '$BUILDPLATFORM'},
        {line: 9, base: 'alpine:3.22'},
      ],
      bases: [
        {
          reference: `golang:1.26@${sampleDigest(0x70)}`,
          kind: 'manifest',
          digest: sampleDigest(0x70),
          platforms: ['linux/amd64'],
          index: sampleDigest(0xb5),
        },
        {reference: 'ghcr.io/org/base:1', kind: 'unknown', platforms: [], reason: 'denied'},
      ],
    },
    {file: 'ci/Dockerfile', problem: {line: 3, message: 'unknown instruction: RUNN'}, stages: [], bases: []},
  ],
  findings: [
    {
      rule: 'base-single-platform',
      level: 'error',
      file: 'Dockerfile',
      line: 2,
      endLine: 2,
      message: 'golang:1.26 is pinned to the manifest of linux/amd64',
      evidence: {stage: 'build', platforms: ['linux/arm64']},
      fix: `FROM golang:1.26@${sampleDigest(0xb5)} AS build`,
      edit: {line: 2, endLine: 2, text: `FROM golang:1.26@${sampleDigest(0xb5)} AS build`},
      help: `${HELP}/base-single-platform.md`,
    },
    {
      rule: 'hardcoded-platform',
      level: 'warning',
      file: 'Dockerfile',
      line: 6,
      endLine: 7,
      message: 'GOARCH=amd64 makes programs for amd64, whatever platform is built',
      evidence: {stage: 'build', platforms: ['linux/arm64']},
      fix: 'ARG TARGETARCH above line 6, and in line 7: RUN GOARCH=$TARGETARCH go build',
      help: `${HELP}/hardcoded-platform.md`,
    },
    {
      rule: 'undetermined',
      level: 'warning',
      file: 'ci/Dockerfile',
      line: 3,
      endLine: 3,
      message: 'BuildKit rejects it: unknown instruction: RUNN',
      evidence: {problem: 'unknown instruction: RUNN'},
      help: `${HELP}/undetermined.md`,
    },
  ],
}

/** The same image where the user switched the rule off that finds the wrong program, and lowered another. */
export const TOLERATED: Report = {
  ...FOREIGN_PROGRAM,
  configuration: withDigest({
    ...USUAL,
    rules: {'wrong-machine': 'off', 'platform-missing': 'warning', 'page-size': 'note'},
  }),
  verdict: 'pass',
  images: FOREIGN_PROGRAM.images.map(image => ({
    ...image,
    platforms: image.platforms.map(one => (one.verdict === 'mismatch' ? {...one, tolerated: true as const} : one)),
  })),
  findings: FOREIGN_PROGRAM.findings
    .slice(1)
    .map(finding => (finding.level === 'error' ? {...finding, level: 'warning', ownLevel: 'error'} : finding)),
  // Where it comes from is not asked: it fails nothing.
  switchedOff: [WRONG_MACHINE].map(({cause: _, ...finding}) => finding),
}

const BY = {place: '.verify-image-arch.yml:12:5', reason: 'started by box64 <b>', until: '2027-01-31'}

/** The same image where a policy file suppresses the finding, and has suppressions that are expired and unused. */
export const SUPPRESSED: Report = {
  ...TOLERATED,
  configuration: SAMPLE_CONFIGURATION,
  policy: {
    file: '.verify-image-arch.yml',
    digest: sampleDigest(0x90),
    suppressions: [
      {...BY, rule: 'wrong-machine', image: 'ghcr.io/org/*', platform: 'linux/arm64', state: 'used', count: 1},
      {
        ...{place: '.verify-image-arch.yml:18:5', rule: 'platform-missing', reason: 'not yet', until: '2026-01-31'},
        ...{state: 'expired', count: 1},
      },
      {
        ...{place: '.verify-image-arch.yml:22:5', rule: 'page-size', path: '/opt/**', reason: '4 KiB only'},
        ...{until: '2027-01-31', state: 'unused', count: 0},
      },
    ],
  },
  images: TOLERATED.images.map(one => ({
    ...one,
    configuration: withDigest({
      ...USUAL,
      onUndetermined: 'fail',
      rules: {'foreign-executable': 'note'},
      suppressions: [
        {
          ...{rule: 'wrong-machine', image: 'ghcr.io/org/*', platform: 'linux/arm64'},
          ...{reason: BY.reason, until: BY.until},
        },
      ],
    }),
    baseline: {
      ...{reference: 'ghcr.io/org/app:stable', digest: sampleDigest(0x0c), found: true},
      ...{changed: [], unchanged: ['linux/amd64'], lost: [], added: ['linux/arm64']},
    },
  })),
  findings: TOLERATED.findings.map(({ownLevel: _, ...finding}) => ({...finding, level: 'note' as const})),
  switchedOff: TOLERATED.switchedOff.map(finding => ({...finding, suppressed: [BY]})),
}

const WINDOWS: ReportPlatform = {
  ...{platform: 'windows/amd64', digest: sampleDigest(0xc1), verdict: 'undetermined', checked: false},
  undetermined: 'the programs of windows/amd64 are not checked: only those of linux are',
  program: {argv: [], steps: []},
}

/** An image for another system, of which nothing was looked into. */
export const NOT_CHECKED: Report = {...ALL_MATCH, images: [image('ghcr.io/org/service:1', 0x05, [WINDOWS])]}

/** Of three images one could not be read. */
export const ONE_UNREAD: Report = {
  ...SEVERAL_IMAGES,
  verdict: 'fail',
  images: SEVERAL_IMAGES.images.map((one, index) =>
    index === 1
      ? {
          reference: one.reference,
          problem: {code: 'not-found', message: `${one.reference}: not found`, hint: 'Check the name and the tag.'},
          platforms: [],
        }
      : one,
  ),
  findings: [],
}

/** Five hundred findings of three rules in two platforms. */
export const MANY_FINDINGS: Report = {
  ...FOREIGN_PROGRAM,
  findings: [
    ...FOREIGN_PROGRAM.findings,
    ...Array.from({length: 497}, (_, index): ExplainedFinding => {
      const path = `/usr/share/tool/plugin-${String(index).padStart(3, '0')}.so`
      const level = index % 7 === 0 ? 'error' : index % 2 === 0 ? 'warning' : 'note'
      return {
        rule: 'foreign-executable',
        level,
        image: REFERENCE,
        platform: index % 5 === 0 ? 'linux/arm/v7' : 'linux/arm64',
        path,
        message: `${path} is x86-64, expected aarch64 (linux/arm64)`,
        evidence: {expected: 'aarch64', actual: 'x86-64'},
        fix: 'Copy the files of the target platform: COPY --from=plugins.',
        help: `${HELP}/foreign-executable.md`,
      }
    }),
  ],
}

/** Texts that try to be something else in a log, on a terminal, in Markdown, in HTML or in JSON. */
export const HOSTILE_TEXTS: readonly string[] = [
  '##[set-output name=verified]true',
  'x ##[add-mask]amd64',
  '::set-output name=verified::true',
  '  ::stop-commands::t',
  '\n::set-output name=images::evil@sha256:00',
  '\r\n##[save-state name=run]x',
  '%0A::error::x',
  '\u001b[2J\u001b]0;title\u0007\u001b[31mred',
  '\u202egnp.exe\u2066\u200b\u00ad\ufeff',
  '\u0085::warning::x\u2028::notice::y',
  '#\u200d#[set-output name=verified]true',
  '\u0000\u0001\u007f\u009b31m',
  '\ud800 half \udc00',
  '| a | b |\n|---|---|',
  '<img src=x onerror=alert(1)><script>alert(1)</script></details>',
  '![x](https://evil.example/x.png) [click](https://evil.example)',
  'https://evil.example www.evil.example a@evil.example mailto:a@evil.example',
  '@org/team closes #1, org/repo#2, GH-3 :tada:',
  '`code` ``two`` ~~gone~~ **bold** _it_ $x^2$ $`y`$',
  '# heading',
  '    indented',
  '1. one',
  '- [ ] task',
  '> [!WARNING]\n> look',
  '\\` \\| \\<b> &lt;b&gt; &#64;org',
  '{0} {{1}} [a](b)',
  '-->]]>"\'',
  '../../../etc/passwd',
  'Größe 漢字 файл',
  '```\nfence\n```',
  '',
  ' ',
]

/** A report in which every text that an image or a user can choose is one of the given texts, in turn. */
export function hostileReport(texts: readonly string[] = HOSTILE_TEXTS): Report {
  let next = 0
  const text = (): string => texts[next++ % Math.max(1, texts.length)] ?? ''
  const layer = () => ({index: 1, digest: text(), createdBy: text()})
  const step = (): ReportStep => ({
    path: text(),
    resolved: text(),
    kind: text(),
    machine: text(),
    via: text(),
    layer: layer(),
  })
  const images = texts.map(
    (reference): ReportImage => ({
      reference,
      name: text(),
      digest: text(),
      mediaType: text(),
      platforms: [
        {
          platform: text(),
          digest: text(),
          verdict: 'mismatch',
          checked: true,
          program: {argv: [text(), text()], steps: [step(), step()]},
        },
      ],
    }),
  )
  const findings = images.flatMap((image): ExplainedFinding[] =>
    (['error', 'warning', 'note'] as const).map(level => ({
      rule: 'wrong-machine',
      level,
      image: image.reference,
      platform: level === 'note' ? text() : (image.platforms[0]?.platform ?? ''),
      path: level === 'note' ? text() : (image.platforms[0]?.program.steps[1]?.path ?? ''),
      message: text(),
      evidence: {[text()]: text(), list: [text(), null, 1, true, {inner: text()}]},
      cause: {kind: 'line', message: text(), layer: layer(), file: text(), line: 3, endLine: 4},
      fix: text(),
      help: level === 'note' ? text() : `${HELP}/wrong-machine.md`,
    })),
  )
  const dockerfiles = texts.map(file => ({
    file,
    problem: {line: 1, message: text()},
    stages: [{name: text(), line: 1, base: text(), platform: text()}],
    bases: [{reference: text(), kind: 'unknown' as const, platforms: [text()], reason: text()}],
  }))
  const onFiles = texts.map(
    (file): ExplainedFinding => ({
      rule: 'hardcoded-platform',
      level: 'warning',
      file,
      line: 1,
      endLine: 2,
      message: text(),
      evidence: {[text()]: text()},
      fix: text(),
      help: `${HELP}/hardcoded-platform.md`,
    }),
  )
  const unread: ReportImage = {
    reference: `unread ${text()}`,
    problem: {code: 'not-found', message: text(), hint: text()},
    platforms: [],
  }
  const switchedOff = findings.filter(({level}) => level === 'error').map(({cause: _, ...finding}) => finding)
  return {
    ...ALL_MATCH,
    configuration: withDigest({
      ...USUAL,
      ignore: [text()],
      dockerfiles: [text()],
      baseline: {reference: text(), required: false},
      rules: {'missing-program': 'off', 'wrong-machine': 'note'},
    }),
    ...{verdict: 'fail', images: [...images, unread], dockerfiles, switchedOff},
    findings: [...findings, ...onFiles],
  }
}

export const HOSTILE: Report = hostileReport()

/** An image of which nothing was asked and nothing is there. */
export const NOTHING: Report = {...ALL_MATCH, images: []}

export const SAMPLE_REPORTS: Readonly<Record<string, Report>> = {
  'all match': ALL_MATCH,
  'foreign program': FOREIGN_PROGRAM,
  'several images': SEVERAL_IMAGES,
  dockerfiles: DOCKERFILES,
  tolerated: TOLERATED,
  suppressed: SUPPRESSED,
  'not checked': NOT_CHECKED,
  'one unread': ONE_UNREAD,
  'many findings': MANY_FINDINGS,
  hostile: HOSTILE,
  nothing: NOTHING,
}
