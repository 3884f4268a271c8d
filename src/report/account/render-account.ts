import {escapeLog, formatJson, shorten} from '../escape.ts'
import {describeScan} from '../scan.ts'
import type {Account, AccountPlatform, AccountStart, AccountStep} from './account.ts'

export const ACCOUNT_FORMATS = ['text', 'json'] as const
export type AccountFormat = (typeof ACCOUNT_FORMATS)[number]

const LONGEST = 4000

/** The account as JSON, or as text with a line for each thing; either may be printed in the log of a job. */
export function renderAccount(account: Account, format: AccountFormat): string {
  return format === 'json' ? formatJson(account) : renderText(account)
}

function renderText({tool, scope, verdict, images}: Account): string {
  const lines = [
    `${tool.name} ${tool.version}, scope ${scope}: ${verdict}`,
    ...images.flatMap(({digest, problem, unreadable, platforms}) => [
      '',
      `image ${digest ?? 'without a digest'}`,
      ...(problem === undefined ? [] : [`  could not be read: ${problem.code}: ${problem.message}`]),
      ...unreadable.map(({platform, code, message}) => `  ${platform} could not be read: ${code}: ${message}`),
      ...platforms.flatMap(platformLines),
    ]),
  ]
  return `${lines.map(line => escapeLog(shorten(line, LONGEST)).trimEnd()).join('\n')}\n`
}

function platformLines(platform: AccountPlatform): readonly string[] {
  const {config, starts, findings, scan} = platform
  return [
    '',
    `  ${platform.platform}: ${platform.verdict ?? 'not in the report'}`,
    `    claimed by the ${platform.claimedBy}${platform.digest === undefined ? '' : `, manifest ${platform.digest}`}`,
    ...(config === undefined
      ? ['    not looked into']
      : [
          `    entrypoint ${list(config.entrypoint)}, cmd ${list(config.cmd)}`,
          `    user ${config.user || 'root'}, directory ${config.workingDir || '/'}, ${config.layers} ${config.layers === 1 ? 'layer' : 'layers'}, variables ${config.env.join(' ') || 'none'}`,
        ]),
    ...starts.flatMap(startLines),
    ...(scan === undefined ? [] : [`    ${describeScan(scan)}`]),
    ...(findings.length === 0 ? ['    nothing found'] : []),
    ...findings.map(({rule, level, message}) => `    ${level} ${rule}: ${message}`),
  ]
}

function startLines({of, argv, steps, unknown, passedOver}: AccountStart): readonly string[] {
  return [
    `    ${of}: ${list(argv)}`,
    ...steps.flatMap(stepLines),
    ...unknown.map(({after, reason}) => `      not followed${after === undefined ? '' : ` after ${after}`}: ${reason}`),
    ...passedOver.map(
      ({after, reason}) => `      passed over in silence${after === undefined ? '' : ` after ${after}`}: ${reason}`,
    ),
    ...(unknown.length === 0 ? ['      followed to its end'] : []),
  ]
}

function stepLines(step: AccountStep): readonly string[] {
  const {number, path, role, why, certainty, from, service, links, file, decision, mayFail} = step
  const margin = '           '
  return [
    `      ${String(number).padStart(3)}. ${path}`,
    [
      `${margin}why:      ${role}, ${why}`,
      ...(certainty === 'certain' ? [] : [certainty]),
      ...(from === undefined ? [] : [`from ${from}`]),
      ...(service === undefined ? [] : [`service ${service}`]),
      ...(mayFail ? ['may fail'] : []),
    ].join(', '),
    ...(links.length === 0 ? [] : [`${margin}links:    ${links.join(', ')}`]),
    ...(file === undefined
      ? []
      : [
          `${margin}file:     ${file.path}: ${file.kind}, mode ${file.mode}, owner ${file.owner}, ${file.size} bytes` +
            (file.layer === undefined ? '' : `, layer ${file.layer}`),
        ]),
    `${margin}decision: ${decision}`,
  ]
}

function list(values: readonly string[]): string {
  return values.length === 0 ? 'none' : JSON.stringify(values)
}
