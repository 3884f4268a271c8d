import {EVERY_REPORT} from '../../__tests__/support/every-report.ts'
import {quietRun} from '../../__tests__/support/quiet-run.ts'
import {SAMPLE_REPORTS} from '../../__tests__/support/sample-reports.ts'
import {EXIT, runCli} from '../../src/cli.ts'
import {renderMarkdown} from '../../src/report/markdown.ts'
import {imageOpener} from '../../src/source/open.ts'

/** A summary to look at; `name` is that of its picture. */
export interface Shape {
  readonly name: string
  readonly markdown: string
}

/** The shape of which README.md shows a picture. */
export const SHOWN = 'mismatch'

const EVERY = [
  'twelve platforms, one wrong',
  'twelve images',
  'undetermined passes',
  'a hostile platform',
  'foreign-executable',
  'platform-missing',
] as const
const SAMPLES = [
  'all match',
  'foreign program',
  'several images',
  'dockerfiles',
  'tolerated',
  'one unread',
  'many findings',
  'hostile',
] as const

/** What the action really writes of the two examples, and a report of each other shape. */
export async function shapes(): Promise<readonly Shape[]> {
  const reports = new Map([...EVERY_REPORT, ...Object.entries(SAMPLE_REPORTS)])
  const made = [...EVERY, ...SAMPLES].map(name => {
    const report = reports.get(name)
    if (report === undefined) throw new Error(`there is no report ${name}`)
    return {name: name.replaceAll(/\W+/g, '-'), markdown: renderMarkdown(report)}
  })
  return [
    {name: SHOWN, markdown: await summaryOf('examples/mismatch', EXIT.findings)},
    {name: 'match', markdown: await summaryOf('examples/match', EXIT.verified)},
    {name: 'wrong-machine-off', markdown: await summaryOf('examples/mismatch', EXIT.verified, OFF)},
    ...made,
  ]
}

const OFF = ['--rule', 'wrong-machine=off', '--rule', 'identical-platforms=off']

async function summaryOf(layout: string, expected: number, more: readonly string[] = []): Promise<string> {
  let text = ''
  const args = [`oci:${layout}`, '--platforms', 'linux/amd64,linux/arm64', '--format', 'markdown', ...more]
  const exitCode = await runCli(args, {
    version: '1.0.0',
    open: imageOpener(quietRun('screenshots')),
    readDockerfiles: async () => [],
    stdout: printed => {
      text += printed
    },
    stderr: printed => {
      throw new Error(printed)
    },
    writeFile: async () => {},
    color: false,
  })
  if (exitCode !== expected) throw new Error(`${layout} ended with ${exitCode}, expected ${expected}:\n${text}`)
  return text
}
