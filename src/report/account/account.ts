import type {Startup, Step, Unknown} from '../../exec/index.ts'
import type {Facts, PlatformFacts} from '../../facts/facts.ts'
import {defined} from '../../lib/defined.ts'
import {formatPlatform} from '../../platform/index.ts'
import {type Finding, ownLevelOf, platformsOf} from '../../rules/finding.ts'
import {findingsOn, switchedOffOn} from '../by-image.ts'
import type {Report, ReportImage, ReportScan} from '../report.ts'
import {decisionOf, natureOfFile} from './decision.ts'
import {LEFT_OUT, redactor, showArgument} from './private-values.ts'

/** One file that starts, or that a step hands over to: what it is, why it is taken, what was decided of it. */
export interface AccountStep {
  /** From 1, as `from` counts. */
  readonly number: number
  readonly path: string
  readonly role: Step['role']
  /** `entrypoint`, `argument of tini`. */
  readonly why: string
  readonly certainty: Step['certainty']
  /** The step that leads here. */
  readonly from?: number
  /** `nginx of supervisord`: the container starts without it. */
  readonly service?: string
  readonly argv?: readonly string[]
  /** The symlinks on the way: `/bin -> usr/bin`. */
  readonly links: readonly string[]
  readonly file?: {
    readonly path: string
    readonly kind: string
    /** Octal permission bits. */
    readonly mode: string
    readonly owner: string
    /** In bytes. */
    readonly size: number
    /** From the bottom. */
    readonly layer?: number
  }
  readonly decision: string
  /** Whoever starts it says that it may fail. */
  readonly mayFail?: true
}

/** What is started for one purpose, and where it cannot be followed further. */
export interface AccountStart {
  readonly of: 'startup' | 'healthcheck' | '/bin/sh'
  readonly argv: readonly string[]
  readonly steps: readonly AccountStep[]
  readonly unknown: readonly {readonly after?: number; readonly reason: string}[]
  /** What is not there, may have been made, and is called where the script may go on without it. */
  readonly passedOver: readonly {readonly after?: number; readonly reason: string}[]
}

export interface AccountPlatform {
  readonly platform: string
  readonly digest?: string
  readonly claimedBy: 'index' | 'config'
  readonly verdict?: string
  readonly config?: {
    readonly user: string
    readonly workingDir: string
    readonly entrypoint: readonly string[]
    readonly cmd: readonly string[]
    readonly layers: number
    /** The names alone. */
    readonly env: readonly string[]
  }
  readonly starts: readonly AccountStart[]
  readonly scan?: ReportScan
  readonly findings: readonly {
    readonly rule: string
    readonly level: string
    readonly path?: string
    readonly message: string
  }[]
}

/** All that was decided of an image, and why, with nothing in it that is nobody's business. */
export interface Account {
  readonly tool: {readonly name: string; readonly version: string}
  readonly scope: string
  readonly verdict: Report['verdict']
  readonly images: readonly {
    /** The image's only name here. */
    readonly digest?: string
    /** Why it could not be read. */
    readonly problem?: {readonly code: string; readonly message: string}
    readonly unreadable: readonly {readonly platform: string; readonly code: string; readonly message: string}[]
    readonly platforms: readonly AccountPlatform[]
  }[]
}

/** The account of a check: from what was seen, and from what the report makes of it. */
export function accountOf({images}: Facts, report: Report): Account {
  const hide = redactor(
    report,
    images.flatMap(({platforms}) => platforms),
  )
  const factsOf = new Map(images.map(image => [image.reference, image]))
  return {
    tool: {name: report.tool.name, version: report.tool.version},
    scope: report.configuration.scope,
    verdict: report.verdict,
    images: report.images.map(reported => {
      const {reference, digest, problem} = reported
      const image = factsOf.get(reference)
      return {
        ...defined({digest}),
        ...(problem === undefined ? {} : {problem: {code: problem.code, message: hide(problem.message)}}),
        unreadable: (image?.unreadable ?? []).map(({entry, code, message}) => ({
          platform: formatPlatform(entry.platform),
          code,
          message: hide(message),
        })),
        platforms: (image?.platforms ?? []).map(facts => accountPlatform(facts, reported, report, hide)),
      }
    }),
  }
}

type Hide = (text: string) => string

function accountPlatform(facts: PlatformFacts, image: ReportImage, report: Report, hide: Hide): AccountPlatform {
  const {entry, config, startup, healthcheck, shell, layers} = facts
  const platform = formatPlatform(entry.platform)
  const reported = image.platforms.find(one => one.platform === platform && one.digest === entry.descriptor?.digest)
  const isOfIt = (finding: Finding): boolean => platformsOf(finding).includes(platform)
  return {
    platform,
    ...defined({digest: entry.descriptor?.digest}),
    claimedBy: entry.claimedBy,
    ...defined({verdict: reported?.verdict}),
    ...(config === undefined
      ? {}
      : {
          config: {
            user: config.user,
            workingDir: config.workingDir,
            entrypoint: config.entrypoint.map(showArgument),
            cmd: config.cmd.map((argument, at) => showArgument(argument, config.entrypoint.length + at)),
            layers: layers.length,
            env: config.env.map(variable => variable.split('=', 1)[0] ?? LEFT_OUT),
          },
        }),
    starts: [
      accountStart('startup', startup, hide),
      ...(healthcheck === undefined ? [] : [accountStart('healthcheck', healthcheck, hide)]),
      ...(shell === undefined ? [] : [accountStart('/bin/sh', shell, hide)]),
    ],
    ...defined({scan: reported?.scan}),
    findings: [...findingsOn(report, image), ...switchedOffOn(report, image)].filter(isOfIt).map(finding => ({
      rule: finding.rule,
      level: ownLevelOf(finding),
      ...defined({path: finding.path}),
      message: hide(finding.message),
    })),
  }
}

function accountStart(
  of: AccountStart['of'],
  {argv, steps, unknowns, passedOver = []}: Startup,
  hide: Hide,
): AccountStart {
  const places = (all: readonly Unknown[]) =>
    all.map(({from, reason}) => ({...(from === undefined ? {} : {after: from + 1}), reason: hide(reason)}))
  return {
    of,
    argv: argv.map(showArgument),
    steps: steps.map((step, at) => accountStep(step, at + 1, hide)),
    unknown: places(unknowns),
    passedOver: places(passedOver),
  }
}

function accountStep(step: Step, number: number, hide: Hide): AccountStep {
  const {path, role, via, certainty, from, service, argv, hops, node, identity, accepted} = step
  return {
    number,
    path,
    role,
    why: hide(via),
    certainty,
    ...(from === undefined ? {} : {from: from + 1}),
    ...(service === undefined ? {} : {service: `${hide(service.name)} of ${service.of}`}),
    ...(argv === undefined ? {} : {argv: argv.map(showArgument)}),
    links: hops.map(hop => `${hop.path} -> ${hop.target}${hop.isCopy ? ' (a copy)' : ''}`),
    ...(node === undefined
      ? {}
      : {
          file: {
            path: node.path,
            kind: identity === undefined ? node.kind : natureOfFile(identity),
            mode: node.mode.toString(8).padStart(4, '0'),
            owner: `${node.uid}:${node.gid}`,
            size: node.size,
            ...defined({layer: node.layer}),
          },
        }),
    decision: hide(decisionOf(step)),
    ...(accepted === undefined ? {} : {mayFail: accepted}),
  }
}
