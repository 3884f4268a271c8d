import {randomUUID} from 'node:crypto'
import {appendFile, mkdtemp, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import * as core from '@actions/core'
import {runAction} from '../action/action.ts'
import type {ActionHost, GitHubSide} from '../action/host.ts'
import {messageOf, SourceError} from '../errors.ts'
import {readPullRequest} from '../github/pull-request.ts'
import {SYSTEM_CLOCK} from '../net/clock.ts'
import {keepWaits} from '../net/waits.ts'
import {escapeLogLines} from '../report/index.ts'
import {imageOpener} from '../source/open.ts'
import {readPolicyFile} from '../workspace/policy-file.ts'
import {readDockerfiles} from '../workspace/read-dockerfiles.ts'
import {readWorkspaceFile} from '../workspace/workspace-file.ts'
import {collectAtOnce} from './collect-at-once.ts'
import {programDigest} from './program-digest.ts'
import {abortOnSignals} from './signals.ts'
import {STATE} from './state.ts'
import {version} from './version.ts'

const SHORTEST_MASK = 6
const NO_ROOM = "Make room on the runner's disk."
const ANNOTATE = {error: core.error, warning: core.warning, notice: core.notice}

void main()

async function main(): Promise<void> {
  collectAtOnce()
  const run = randomUUID()
  try {
    save(STATE.run, run)
  } catch (thrown) {
    core.setFailed(escapeLogLines(`Could not check: ${messageOf(thrown)}\n${NO_ROOM}`))
    return
  }
  const waits = keepWaits(message => core.info(escapeLogLines(message)))
  const signals = abortOnSignals(waits)
  const pulls: string[] = []
  const masks = createMasks()
  const host: ActionHost = {
    version,
    digest: () => programDigest(import.meta.dirname),
    open: imageOpener({
      env: process.env,
      signal: signals.signal,
      waits,
      run,
      announceDaemon: () => save(STATE.daemon, 'used'),
      announcePull: reference => {
        pulls.push(reference)
        save(STATE.pulls, JSON.stringify(pulls))
      },
      mask: masks.add,
      warn: message => core.warning(escapeLogLines(message)),
      progress: message => core.info(escapeLogLines(message)),
      temporary: temporaryFolder(),
      version,
      cache: 'tool-cache',
    }),
    readDockerfiles: globs => readDockerfiles(globs, process.env.GITHUB_WORKSPACE ?? process.cwd()),
    readPolicy: file => readPolicyFile(file, process.env.GITHUB_WORKSPACE ?? process.cwd()),
    today: () => new Date().toISOString().slice(0, 10),
    limitTime: signals.limitTime,
    hints: {
      readWorkspaceFile: path => readWorkspaceFile(path, process.env.GITHUB_WORKSPACE ?? process.cwd()),
      debug: message => core.debug(escapeLogLines(message)),
    },
    input: name => core.getInput(name),
    output: (name, value) => writing('GITHUB_OUTPUT', () => core.setOutput(name, value)),
    annotate: ({level, message, ...properties}) => ANNOTATE[level](message, properties),
    log: text => core.info(text),
    summary: markdown => writingAll('GITHUB_STEP_SUMMARY', writeSummary(markdown)),
    writeFile: (name, text) => writingAll(temporaryFolder(), writeReportFile(name, text)),
    fail: message => core.setFailed(escapeLogLines(message)),
    github: gitHubSide(signals.signal, masks),
  }
  await runAction(host)
  const exitCode = signals.exitCode()
  if (exitCode !== undefined) process.exitCode = exitCode
}

type Masks = ReturnType<typeof createMasks>

/** Secrets, which the runner hides in all logs of the job, and we in what we write elsewhere. */
function createMasks() {
  const secrets = new Set<string>()
  return {
    secrets,
    // A mask replaces its text in all logs of the job: one as short as a word would make them unreadable.
    add: (secret: string): void => {
      if (secret.length < SHORTEST_MASK || secrets.has(secret)) return
      secrets.add(secret)
      core.setSecret(secret)
    },
  }
}

function gitHubSide(signal: AbortSignal, {secrets, add}: Masks): GitHubSide {
  const env = (name: string): string => process.env[name] ?? ''
  const server = env('GITHUB_SERVER_URL') || 'https://github.com'
  return {
    workflow: env('GITHUB_WORKFLOW'),
    job: env('GITHUB_JOB'),
    step: env('GITHUB_ACTION'),
    runUrl: `${server}/${env('GITHUB_REPOSITORY')}/actions/runs/${env('GITHUB_RUN_ID')}`,
    workspace: env('GITHUB_WORKSPACE') || '.',
    secrets: () => secrets,
    pullRequest: () => readPullRequest(process.env),
    open: async token => {
      add(token)
      // A bundle of its own, with an HTTP client that is larger than all the rest: only who needs it loads it.
      const {openGitHub} = await import('../github/open.ts')
      return openGitHub({token, apiUrl: env('GITHUB_API_URL') || 'https://api.github.com', signal, clock: SYSTEM_CLOCK})
    },
  }
}

function save(name: string, value: string): void {
  writing('GITHUB_STATE', () => core.saveState(name, value))
}

/** What the runner's files are on is full, say: that is reported as what it is, and is not a bug. */
function writing(place: string, write: () => void): void {
  try {
    write()
  } catch (thrown) {
    throw cannotWrite(place, thrown)
  }
}

async function writingAll<T>(place: string, writes: Promise<T>): Promise<T> {
  try {
    return await writes
  } catch (thrown) {
    throw cannotWrite(place, thrown)
  }
}

function cannotWrite(place: string, thrown: unknown): SourceError {
  return new SourceError('unavailable', `${place} cannot be written to: ${messageOf(thrown)}`, {
    hint: NO_ROOM,
    cause: thrown,
  })
}

/** core.summary throws where the runner has no summaries (GitHub Enterprise Server before 3.6). */
async function writeSummary(markdown: string): Promise<void> {
  const file = process.env.GITHUB_STEP_SUMMARY
  if (file !== undefined && file !== '') await appendFile(file, markdown)
}

let folder: Promise<string> | undefined

async function writeReportFile(name: string, text: string): Promise<string> {
  folder ??= mkdtemp(join(temporaryFolder(), 'verify-image-arch-'))
  const path = join(await folder, name)
  await writeFile(path, text)
  return path
}

function temporaryFolder(): string {
  return process.env.RUNNER_TEMP ?? tmpdir()
}
