import {createHash} from 'node:crypto'
import {tinyProgram} from '../tiny-programs.ts'
import type {Contexts} from './expressions.ts'

/** Whether each platform of the image has its own program, or linux/arm64 the one of linux/amd64. */
export type Kind = 'right' | 'wrong'

/** How one workflow is tried. */
export interface Scenario {
  /** The event that it runs for. */
  readonly event: 'push' | 'pull_request' | 'schedule' | 'workflow_dispatch' | 'workflow_call'
  /** Images that are there before, below the repository's name. */
  readonly before?: readonly {readonly name: string; readonly tag: string; readonly kind?: Kind}[]
  /** Inputs of the workflow; `digest` and `image` are those of the first image of `before`. */
  readonly inputs?: readonly ('digest' | 'image')[]
  /** Whether a wrong image fails it; an audit tells, and does not fail. */
  readonly fails: boolean
  /** The tag that it makes of an image that is right, and never of one that is wrong. */
  readonly makes?: string
  /** Whether it signs what is right. */
  readonly signs?: true
}

/** Every workflow of examples/workflows; one that is not here fails the suite. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'one-job.yml': {event: 'push', fails: true},
  'matrix-by-digest.yml': {event: 'push', fails: true, makes: ':v1.2.3'},
  'bake.yml': {event: 'push', fails: true},
  'pull-request.yml': {event: 'pull_request', fails: true},
  'release-gate.yml': {event: 'push', fails: true, makes: ':v1.2.3', signs: true},
  'attest.yml': {event: 'push', fails: true, makes: ':v1.2.3'},
  'audit.yml': {
    event: 'schedule',
    before: [
      {name: '', tag: 'latest'},
      {name: '', tag: 'v1', kind: 'right'},
    ],
    fails: false,
  },
  'promotion.yml': {
    event: 'workflow_dispatch',
    before: [
      {name: '/staging', tag: 'candidate'},
      {name: '/production', tag: 'latest', kind: 'right'},
    ],
    inputs: ['digest'],
    fails: true,
  },
  'verify-image.yml': {event: 'workflow_call', before: [{name: '', tag: 'called'}], inputs: ['image'], fails: true},
}

/** Workflows that need no engine, and the test that runs them. */
export const RUN_ELSEWHERE: Readonly<Record<string, string>> = {'fleet.yml': '__tests__/fleet/workflow.test.ts'}

const DOCKERFILE = `FROM scratch
ARG TARGETARCH
COPY bin/$TARGETARCH/hello /usr/local/bin/hello
ENTRYPOINT ["/usr/local/bin/hello"]
`
const BAKE = `variable "REPOSITORY" {
  default = ""
}
target "default" {
  matrix = {name = ["app", "tool"]}
  name = name
  platforms = ["linux/amd64", "linux/arm64"]
  tags = ["\${REPOSITORY}/\${name}:edge"]
}
`

/** What is checked out: a Dockerfile that needs no emulation, and the programs that it copies. */
export function workspaceFiles(kind: Kind): Readonly<Record<string, string | Uint8Array>> {
  return {
    Dockerfile: DOCKERFILE,
    'docker-bake.hcl': BAKE,
    'bin/amd64/hello': tinyProgram('amd64'),
    'bin/arm64/hello': tinyProgram(kind === 'right' ? 'arm64' : 'amd64'),
  }
}

/** What the pull request changes, as GitHub's API lists it. */
export const CHANGED_FILES = [{filename: 'Dockerfile', status: 'modified', sha: gitBlob(DOCKERFILE)}]

/** The contexts that the runner gives, and its variables. */
export function contextsOf(
  event: Scenario['event'],
  inputs: Readonly<Record<string, string>>,
  temporary: string,
): Contexts {
  const github = {
    ...{repository: 'org/app', repository_owner: 'org', actor: 'octocat', token: 'a-token', event_name: event},
    ...(event === 'pull_request'
      ? {ref_name: '7/merge', ref: 'refs/pull/7/merge'}
      : {ref_name: 'v1.2.3', ref: 'refs/tags/v1.2.3'}),
    event: {inputs},
  }
  return {github, inputs, runner: {temp: temporary, os: 'Linux', arch: 'X64'}, secrets: {}, vars: {}}
}

/** The payload of the event. */
export function payloadOf(event: Scenario['event']): object {
  if (event !== 'pull_request') return {}
  const repo = {full_name: 'org/app', fork: false}
  return {
    number: 7,
    pull_request: {number: 7, head: {sha: '1'.repeat(40), repo}, base: {sha: '2'.repeat(40), repo}},
    repository: repo,
  }
}

function gitBlob(text: string): string {
  return createHash('sha1')
    .update(`blob ${Buffer.byteLength(text)}\0${text}`)
    .digest('hex')
}
