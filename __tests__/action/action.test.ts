import {readFileSync} from 'node:fs'
import {describe, expect, test} from '@jest/globals'
import {parse} from 'yaml'
import {OUTPUTS, runAction} from '../../src/action/action.ts'
import type {ActionHost, GitHubSide} from '../../src/action/host.ts'
import {SourceError, UsageError} from '../../src/errors.ts'
import type {CommentOutcome, StickyComment} from '../../src/github/comments.ts'
import type {PullRequest} from '../../src/github/pull-request.ts'
import {DEFAULT_LIMITS} from '../../src/lib/limits.ts'
import {ok, type Result} from '../../src/lib/result.ts'
import {DEFAULTS} from '../../src/pipeline/options.ts'
import type {Annotation} from '../../src/report/index.ts'
import {buildElf} from '../support/elf-builder.ts'
import {executable} from '../support/memory-rootfs.ts'
import {type MemoryImage, memoryImages, testDigest} from '../support/memory-source.ts'

const AMD64 = executable(buildElf({machine: 62}))
const config = {entrypoint: ['/app']}
const GOOD: MemoryImage = {platforms: [{platform: 'linux/amd64', config, files: {'/app': AMD64}}]}
const BAD: MemoryImage = {platforms: [{platform: 'linux/arm64', config, files: {'/app': AMD64}}]}
const WINDOWS: MemoryImage = {platforms: [{platform: 'windows/amd64'}]}
const BROKEN: MemoryImage = {
  platforms: [{platform: 'linux/amd64', failure: new SourceError('unavailable', 'no daemon', {hint: 'Start it.'})}],
}

/** What every glob finds. */
const DOCKERFILE = 'ARG TARGETARCH=amd64\nFROM scratch\nARG TARGETARCH\nCOPY $TARGETARCH /app\n'

/** The runner gives every input its default. */
const DECLARED_DEFAULTS: Readonly<Record<string, string>> = {
  source: DEFAULTS.source,
  'fail-on': DEFAULTS.failOn,
  comment: DEFAULTS.comment,
  suggest: DEFAULTS.suggest,
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the runner's own language
  token: '${{ github.token }}',
  cache: DEFAULTS.cache,
  concurrency: DEFAULTS.concurrency,
  timeout: DEFAULTS.timeout,
}

const PULL: PullRequest = {owner: 'org', repo: 'app', number: 7, headSha: 'c0ffee', runsOnBase: false}

/** A run for a pull request, where GitHub answers as configured; the requests are in `comments`. */
function pullRequestRun(answer: Result<CommentOutcome> = ok('created')) {
  const comments: StickyComment[] = []
  const github: GitHubSide = {
    ...NO_GITHUB,
    pullRequest: async () => ({kind: 'pull-request', pull: PULL}),
    open: async () => ({
      comment: async (_, comment) => {
        comments.push(comment)
        return answer
      },
      review: async () => ok({made: 0, kept: 0, removed: 0, aside: 0}),
      changedDockerfiles: async () => ({files: []}),
    }),
  }
  return {github, comments}
}

/** What is not of a pull request, and must not speak to GitHub. */
const NO_GITHUB: GitHubSide = {
  workflow: 'release',
  job: 'image',
  step: 'verify',
  runUrl: 'https://github.com/org/app/actions/runs/1',
  workspace: '/work',
  pullRequest: async () => ({kind: 'none', event: 'push'}),
  open: async () => {
    throw new Error('GitHub was asked')
  },
  secrets: () => ['s3cr3t-token'],
}

const NO_POLICY: Pick<ActionHost, 'readPolicy' | 'today'> = {
  readPolicy: async () => {
    throw new Error('no such file')
  },
  today: () => '2026-11-29',
}

/** A host that remembers everything. */
async function run(inputs: Readonly<Record<string, string>>, broken: Partial<ActionHost> = {}) {
  const all: Readonly<Record<string, string>> = {...DECLARED_DEFAULTS, ...inputs}
  const outputs = new Map<string, string>()
  const annotations: Annotation[] = []
  const failures: string[] = []
  const files = new Map<string, string>()
  let summary = ''
  let log = ''
  const images = memoryImages({'good:1': GOOD, 'bad:1': BAD, 'broken:1': BROKEN, 'windows:1': WINDOWS})
  await runAction({
    version: '1.2.3',
    open: images.open,
    readDockerfiles: async globs => globs.map(file => ({file, text: DOCKERFILE})),
    ...NO_POLICY,
    input: name => all[name] ?? '',
    output: (name, value) => outputs.set(name, value),
    annotate: annotation => annotations.push(annotation),
    log: text => {
      log += text
    },
    summary: async markdown => {
      summary += markdown
    },
    writeFile: async (name, text) => {
      files.set(name, text)
      return `/tmp/${name}`
    },
    fail: message => failures.push(message),
    github: NO_GITHUB,
    ...broken,
  })
  expect([...outputs.keys()].sort()).toEqual([...OUTPUTS].sort())
  expect(images.counts.closed).toBe(images.counts.opened)
  return {outputs: Object.fromEntries(outputs), annotations, failures, files, summary, log}
}

test('what matches is verified, and named by its digest for a signer', async () => {
  const {outputs, failures, annotations, summary, files} = await run({image: 'good:1', platforms: 'linux/amd64'})
  expect(failures).toEqual([])
  expect(annotations).toEqual([])
  expect(outputs).toEqual({
    verified: 'true',
    images: `good@${testDigest(0xff)}`,
    digest: testDigest(0xff),
    platforms: `[{"image":"good:1","platform":"linux/amd64","digest":"${testDigest(1)}","verdict":"match"}]`,
    report: '/tmp/report.json',
    sarif: '/tmp/report.sarif',
    predicate: '/tmp/predicate.json',
  })
  expect(summary).toContain('linux/amd64')
  expect([...files.keys()]).toEqual(['report.json', 'report.sarif', 'predicate.json'])
})

test('a mismatch fails the step, and nothing may be signed', async () => {
  const {outputs, failures, annotations, summary} = await run({image: 'bad:1'})
  expect(failures).toEqual([
    'Not verified: linux/arm64 would not start: /app is x86-64. Nothing was verified, so nothing should be signed.',
  ])
  expect(outputs).toMatchObject({verified: 'false', images: '', report: '/tmp/report.json'})
  expect(annotations).toMatchObject([{level: 'error', message: expect.stringContaining('/app is x86-64')}])
  expect(summary).toContain('wrong-machine')
})

test('one bad image of two keeps both from being signed', async () => {
  const {outputs, failures} = await run({image: 'good:1\nbad:1'})
  expect(failures).toHaveLength(1)
  expect(outputs).toMatchObject({verified: 'false', images: ''})
})

test('fail-on never tells and does not fail, and does not verify either', async () => {
  const {outputs, failures, annotations} = await run({image: 'bad:1', 'fail-on': 'never'})
  expect(failures).toEqual([])
  expect(annotations).toHaveLength(1)
  expect(outputs).toMatchObject({verified: 'false', images: ''})
})

describe('a runner whose disk is full', () => {
  const full = async (): Promise<never> => {
    throw new SourceError('unavailable', 'no room', {hint: 'Make room.'})
  }

  test.each([
    ['the summary', {summary: full}],
    ['a report', {writeFile: full}],
  ])('%s cannot be written: nothing is verified', async (_, broken) => {
    const {outputs, failures} = await run({image: 'good:1'}, broken)
    expect(failures).toEqual(['Could not check: no room\nMake room.'])
    expect(outputs).toMatchObject({verified: 'false', images: ''})
  })

  test('what fails after it was verified takes that back', async () => {
    const github: GitHubSide = {
      ...NO_GITHUB,
      pullRequest: async () => {
        throw new SourceError('unavailable', 'no room', {hint: 'Make room.'})
      },
    }
    const {outputs, failures} = await run(
      {image: 'good:1', comment: 'always', rules: 'platform-arg-default=off'},
      {github},
    )
    expect(failures).toEqual(['Could not check: no room\nMake room.'])
    expect(outputs).toMatchObject({verified: 'false', images: ''})
  })

  test('no output can be written: the step fails, whatever stands there', async () => {
    const failures: string[] = []
    const logged: string[] = []
    const output = (): never => {
      throw new SourceError('unavailable', 'no room')
    }
    await runAction({
      version: '1.2.3',
      open: () => Promise.reject(new Error('nothing is opened')),
      readDockerfiles: async () => [],
      ...NO_POLICY,
      input: name => DECLARED_DEFAULTS[name] ?? '',
      output,
      annotate: () => undefined,
      log: text => logged.push(text),
      summary: async () => undefined,
      writeFile: async name => name,
      fail: message => failures.push(message),
      github: NO_GITHUB,
    })
    expect(failures).toEqual([expect.stringMatching(/^Could not check: no room/)])
    expect(logged).toEqual(['The outputs could not be taken back: no room'])
  })
})

describe('what could not be checked is never verified', () => {
  test.each([
    [{image: 'broken:1'}, 'Could not check: broken:1: no daemon\nStart it.'],
    [{image: 'broken:1', 'fail-on': 'never'}, 'Could not check: broken:1: no daemon\nStart it.'],
    [{image: ''}, 'Wrong input: image: no image is given'],
    [
      {image: 'good:1', comment: 'sometimes'},
      expect.stringMatching(/^Wrong input: comment: expected never, on-failure/),
    ],
    [
      {image: 'good:1', comment: 'Alway'},
      'Wrong input: comment: expected never, on-failure, always, got "Alway"; did you mean always?',
    ],
    [{image: 'good:1', platforms: 'amd'}, expect.stringMatching(/^Wrong input: platforms: "amd"/)],
  ])('%j', async (inputs, failure) => {
    const {outputs, failures} = await run(inputs)
    expect(failures).toEqual([failure])
    expect(outputs).toEqual({
      verified: 'false',
      images: '',
      digest: '',
      platforms: '',
      report: '',
      sarif: '',
      predicate: '',
    })
  })

  test.each(['error', 'never'])(
    'one image of two: the other is reported, and none is verified (fail-on: %s)',
    async level => {
      const {outputs, failures, files, summary} = await run({image: 'good:1,absent:1', 'fail-on': level})
      expect(failures).toEqual([
        'Not verified: absent:1 could not be checked: not found. Nothing was verified, so nothing should be signed.\nCheck the name.',
      ])
      expect(outputs).toMatchObject({
        verified: 'false',
        images: '',
        platforms: expect.stringContaining('"image":"good:1"'),
      })
      expect(outputs.predicate?.split('\n')).toHaveLength(2)
      expect(summary).toMatch(/^## ❌ absent:.*1 could not be checked: not found\n/)
      expect(summary).toContain('not found<br>Check the name.')
      expect(JSON.parse(files.get('report.json') ?? '').images).toMatchObject([
        {reference: 'good:1', platforms: [{verdict: 'match'}]},
        {reference: 'absent:1', problem: {code: 'not-found', message: 'absent:1: not found', hint: 'Check the name.'}},
      ])
    },
  )

  test('an image for another system passes, and is not verified', async () => {
    const {outputs, failures, summary} = await run({image: 'windows:1\ngood:1'})
    expect(failures).toEqual([])
    expect(outputs).toMatchObject({verified: 'false', images: `good@${testDigest(0xff)}`})
    expect(summary).toContain('⚠️ Passed: 1 of 2 platforms matches, 1 not checked')
  })

  test('an image for another system fails where the user wants it', async () => {
    const {outputs, failures} = await run({image: 'windows:1', 'on-undetermined': 'fail'})
    expect(failures).toEqual([
      expect.stringMatching(/^Not verified: windows\/amd64 was not checked \(on-undetermined: fail\)\./),
    ])
    expect(outputs).toMatchObject({verified: 'false', images: ''})
  })

  test('a rule that is off is named wherever its mismatch is tolerated', async () => {
    const {outputs, failures, annotations, summary, log, files} = await run({
      image: 'bad:1',
      rules: 'wrong-machine=off',
    })
    expect(failures).toEqual([])
    expect(outputs).toMatchObject({
      verified: 'true',
      platforms: expect.stringContaining('"verdict":"mismatch","tolerated":true'),
    })
    expect(annotations).toMatchObject([
      {level: 'notice', message: 'wrong-machine is off and would find 1 error (linux/arm64).'},
    ])
    for (const text of [summary, log, ...files.values()]) expect(text).toContain('wrong-machine')
    expect(JSON.parse(files.get('predicate.json') ?? '')).toMatchObject({
      result: 'FAILED',
      passedTests: ['image'],
      failedTests: ['linux/arm64'],
    })
  })

  test('a report that cannot be written', async () => {
    const {outputs, failures} = await run(
      {image: 'good:1'},
      {
        writeFile: async () => {
          throw new Error('no space left')
        },
      },
    )
    expect(failures).toEqual([expect.stringMatching(/this is a bug|no space left/i)])
    expect(outputs.verified).toBe('false')
    expect(outputs.images).toBe('')
  })
})

test('action.yml declares what the action reads and sets, with the same defaults', async () => {
  const declared = parse(readFileSync(new URL('../../action.yml', import.meta.url), 'utf8'))
  const asked = new Set<string>()
  await run(
    {},
    {
      input: name => {
        asked.add(name)
        return name === 'image' ? 'good:1' : (DECLARED_DEFAULTS[name] ?? '')
      },
    },
  )
  expect(Object.keys(declared.inputs).sort()).toEqual([...asked].sort())
  expect(Object.keys(declared.outputs).sort()).toEqual([...OUTPUTS].sort())
  for (const [name, {default: value}] of Object.entries<{default: string}>(declared.inputs)) {
    expect([name, value]).toEqual([name, DECLARED_DEFAULTS[name] ?? ''])
  }
  expect(declared.runs).toEqual({using: 'node24', main: 'dist/action.mjs', post: 'dist/post.mjs'})
})

test('each of several images has a predicate of its own', async () => {
  const {outputs, files} = await run({image: 'good:1,bad:1'})
  expect(outputs.predicate).toBe('/tmp/predicate.json\n/tmp/predicate-2.json')
  expect(files.get('predicate-2.json')).toContain('bad')
})

test('the predicates of many images stand in the order of the images, however long each takes to be written', async () => {
  const images = Array.from({length: 40}, (_, index) => `gone:${index}`)
  let writing = 0
  let most = 0
  const {outputs} = await run(
    {image: images.join('\n')},
    {
      writeFile: async (name, text) => {
        writing += 1
        most = Math.max(most, writing)
        const waits = Number(/gone:(\d+)/.exec(text)?.[1] ?? 0) % 7
        for (let turn = 0; turn < 7 - waits; turn += 1) await new Promise(setImmediate)
        writing -= 1
        return `/tmp/${name}`
      },
    },
  )
  const names = images.map((_, index) => (index === 0 ? 'predicate.json' : `predicate-${index + 1}.json`))
  expect(outputs.predicate).toBe(names.map(name => `/tmp/${name}`).join('\n'))
  expect(most).toBe(16)
})

test.each<[string, Record<string, string>, RegExp]>([
  [
    'wrong input',
    {image: 'good:1', source: 'podman'},
    /^## ❌ Wrong input: source: expected docker, registry, got &quot;podman/,
  ],
  ['no image', {image: 'absent:1'}, /^## ❌ Could not check: absent:.*1: not found\n\nCheck the name\.\n/],
])('%s writes a summary, too', async (_, inputs, said) => {
  const {summary, failures} = await run(inputs)
  expect(failures).toHaveLength(1)
  expect(summary).toMatch(said)
  expect(summary).toContain('Nothing was verified, so nothing should be signed.')
})

describe('the comment on the pull request', () => {
  test.each([
    // mode, image, made where there is none, what it says
    ['on-failure', 'bad:1', true, /❌ linux\/arm64 would not start: \/app is x86-64/],
    ['on-failure', 'good:1', false, /✅ Verified.*This check passes now/s],
    ['always', 'good:1', true, /✅ Verified(?!.*passes now)/s],
    ['on-failure', 'broken:1', true, /the check could not be made/],
    ['on-failure', 'absent:1', true, /the check could not be made/],
  ])('%s, %s', async (comment, image, create, text) => {
    const {github, comments} = pullRequestRun()
    const {annotations} = await run({image, comment}, {github})
    expect(comments).toMatchObject([{create, body: expect.stringMatching(text)}])
    expect(comments[0]?.body).toMatch(/^<!-- verify-image-arch:[0-9a-f]{24} -->\n/)
    expect(comments[0]?.body).toContain('[this run](https://github.com/org/app/actions/runs/1) of `c0ffee`')
    expect(annotations.filter(({title}) => title === 'No comment on the pull request')).toEqual([])
  })

  test('never: nobody is asked', async () => {
    const {github, comments} = pullRequestRun()
    await run({image: 'bad:1', comment: 'never'}, {github})
    expect(comments).toEqual([])
  })

  test('a push has none, and GitHub is not asked', async () => {
    const {annotations, log} = await run({image: 'good:1', comment: 'always'})
    expect(annotations).toEqual([])
    expect(log).toContain('No comment: this run is of the event push, not of a pull request.')
  })

  test('the next run finds it again, whatever tag it pushed; other images and other steps do not', async () => {
    const markerOf = async (image: string, side: Partial<GitHubSide> = {}) => {
      const {github, comments} = pullRequestRun()
      await run({image, comment: 'always'}, {github: {...github, ...side}})
      return comments[0]?.marker
    }
    expect(await markerOf('good:1')).toBe(await markerOf('good@sha256:'.padEnd(76, 'a')))
    const markers = [
      await markerOf('good:1'),
      await markerOf('bad:1'),
      await markerOf('good:1', {step: 'verify_2'}),
      await markerOf('good:1', {job: 'other'}),
      await markerOf('good:1', {workflow: 'other'}),
    ]
    expect(new Set(markers).size).toBe(5)
  })

  test.each<[string, Partial<GitHubSide> | Result<CommentOutcome>, Readonly<Record<string, string>>, string]>([
    ['refused', {ok: false, problem: 'GitHub refuses it'}, {}, 'GitHub refuses it'],
    ['no token', ok('created'), {token: ''}, 'there is no token'],
    [
      'an event that makes no sense',
      {pullRequest: async () => ({kind: 'unreadable', reason: 'no JSON'})},
      {},
      'no JSON',
    ],
    ['a bundle that is not there', {open: NO_GITHUB.open}, {}, 'GitHub was asked'],
  ])('%s is a warning, and what is verified stays so', async (_, what, inputs, reason) => {
    const {github} = 'ok' in what ? pullRequestRun(what) : {github: {...pullRequestRun().github, ...what}}
    const {annotations, failures, outputs} = await run({image: 'good:1', comment: 'always', ...inputs}, {github})
    expect(annotations).toMatchObject([{level: 'warning', message: `The comment could not be written: ${reason}.`}])
    expect(failures).toEqual([])
    expect(outputs.verified).toBe('true')
  })

  test('a run that is cancelled says nothing', async () => {
    const {github, comments} = pullRequestRun()
    const open = async () => {
      throw new SourceError('aborted', 'the run was cancelled')
    }
    await run({image: 'good:1', comment: 'always'}, {github, open})
    expect(comments).toEqual([])
  })
})

test('the registries that may be accessed over plain HTTP are those of the input', async () => {
  const images = memoryImages({'good:1': GOOD})
  const told: unknown[] = []
  const open: ActionHost['open'] = (location, access) => {
    told.push(access)
    return images.open(location, access)
  }
  await run({image: 'good:1', 'insecure-registries': 'r.local:5000 # the one in the cellar\nother'}, {open})
  expect(told).toEqual([{cache: false, insecureRegistries: ['r.local:5000', 'other'], limits: DEFAULT_LIMITS}])
})

describe('the Dockerfiles that a pull request changes', () => {
  /** A pull request that changes these, as GitHub tells; what is read of the workspace is in `globs`. */
  function changing(files: readonly string[], note?: string, side: Partial<GitHubSide> = {}) {
    const {github, comments} = pullRequestRun()
    const globs: string[] = []
    const broken: Partial<ActionHost> = {
      github: {
        ...github,
        open: async token => ({
          ...(await github.open(token)),
          changedDockerfiles: async (pull, workspace) => {
            expect([pull, workspace]).toEqual([PULL, '/work'])
            return {files, ...(note === undefined ? {} : {note})}
          },
        }),
        ...side,
      },
      readDockerfiles: async asked => {
        globs.push(...asked)
        return asked.map(file => ({file, text: DOCKERFILE}))
      },
    }
    return {broken, comments, globs}
  }
  const NOTE = 'x.Dockerfile is not in the workspace.'

  test('are checked where nothing else is named', async () => {
    const {broken, globs, comments} = changing(['a[b]/Dockerfile', 'Dockerfile'])
    const inputs = {platforms: 'linux/amd64,linux/arm64', comment: 'on-failure'}
    const {failures, annotations, outputs} = await run(inputs, broken)
    expect(globs).toEqual(['a[[]b[]]/Dockerfile', 'Dockerfile'])
    expect(failures).toHaveLength(1)
    expect(annotations).toContainEqual(
      expect.objectContaining({
        level: 'error',
        file: 'Dockerfile',
        title: expect.stringMatching(/^platform-arg-default/),
      }),
    )
    expect(outputs).toMatchObject({verified: 'false', images: ''})
    expect(comments).toMatchObject([{create: true, body: expect.stringContaining('platform-arg-default')}])
  })

  test('are checked beside an image', async () => {
    const {broken, globs} = changing(['Dockerfile'])
    const {failures, summary} = await run({image: 'good:1'}, broken)
    expect(globs).toEqual(['Dockerfile'])
    // For the one platform that the image has it is right.
    expect(failures).toEqual([])
    expect([summary.includes('linux/amd64'), summary.includes('Dockerfile')]).toEqual([true, true])
  })

  test('are not asked for where Dockerfiles are named', async () => {
    const {broken, globs} = changing(['Dockerfile'], undefined, {
      open: NO_GITHUB.open,
      pullRequest: NO_GITHUB.open as never,
    })
    await run({image: 'good:1', dockerfile: 'other/Dockerfile'}, broken)
    expect(globs).toEqual(['other/Dockerfile'])
  })

  test('none, and no image: the step passes, says so, and verifies nothing', async () => {
    const {broken, comments} = changing([])
    const {failures, annotations, outputs, summary} = await run({comment: 'always'}, broken)
    expect(failures).toEqual([])
    expect(annotations).toMatchObject([{level: 'notice', title: 'Nothing to check'}])
    expect(summary).toContain('nothing is verified')
    expect(outputs).toMatchObject({verified: 'false', images: '', report: ''})
    // What an earlier comment says is no longer so; none is made for it.
    expect(comments).toMatchObject([{create: false, body: expect.stringContaining('## Nothing to check')}])
  })

  test('none, no image, and another mistake: it is told', async () => {
    const {failures} = await run({platforms: 'amd'}, changing([]).broken)
    expect(failures).toEqual([expect.stringMatching(/^Wrong input: platforms: "amd"/)])
  })

  test.each<
    [string, readonly string[], string | undefined, Partial<GitHubSide>, Readonly<Record<string, string>>, RegExp]
  >([
    ['not in the workspace', [], NOTE, {}, {}, /x\.Dockerfile is not in the workspace/],
    ['no token', [], undefined, {}, {token: ''}, /not known: there is no token/],
    ['no bundle', [], undefined, {open: NO_GITHUB.open}, {}, /not known: GitHub was asked/],
    [
      'no event that makes sense',
      [],
      undefined,
      {pullRequest: async () => ({kind: 'unreadable', reason: 'no JSON'})},
      {},
      /not known: no JSON/,
    ],
  ])(
    '%s: with an image a note, without one the check could not be made',
    async (_, files, note, side, inputs, said) => {
      const beside = await run({image: 'good:1', ...inputs}, changing(files, note, side).broken)
      expect([beside.failures, beside.outputs.verified]).toEqual([[], 'true'])
      expect(beside.log).toMatch(said)
      expect(beside.summary).toMatch(said)
      const alone = await run(inputs, changing(files, note, side).broken)
      expect(alone.failures).toEqual([expect.stringMatching(/^Could not check: /)])
      expect(alone.failures[0]).toMatch(said)
      expect(alone.outputs.verified).toBe('false')
    },
  )

  test('some: the note is told beside what was checked', async () => {
    const {failures, log} = await run({platforms: 'linux/amd64,linux/arm64'}, changing(['Dockerfile'], NOTE).broken)
    expect(failures).toHaveLength(1)
    expect(log).toContain(NOTE)
  })
})

describe('Dockerfiles', () => {
  const inputs = {dockerfile: 'Dockerfile # the one\nci/Dockerfile', platforms: 'linux/amd64,linux/arm64'}

  test('fail the step in their lines, without an image', async () => {
    const {outputs, failures, annotations, files} = await run(inputs)
    expect(failures).toEqual([
      expect.stringMatching(
        /^Failed: Dockerfile:1: ARG TARGETARCH=amd64 .*; ci\/Dockerfile:1: ARG TARGETARCH=amd64 .*built\.$/,
      ),
    ])
    expect(outputs).toMatchObject({verified: 'false', images: '', digest: '', predicate: '', platforms: '[]'})
    expect(annotations).toEqual([
      {
        level: 'error',
        title: 'platform-arg-default: Dockerfile:1',
        file: 'Dockerfile',
        startLine: 1,
        endLine: 1,
        message: expect.stringMatching(/^Dockerfile:1: ARG TARGETARCH=amd64 .*\nFix: ARG TARGETARCH$/),
      },
      expect.objectContaining({file: 'ci/Dockerfile', startLine: 1}),
    ])
    const [{results}] = JSON.parse(files.get('report.sarif') ?? '').runs
    expect(results[0].locations).toEqual([
      {physicalLocation: {artifactLocation: {uri: 'Dockerfile'}, region: {startLine: 1, endLine: 1}}},
    ])
  })

  test('that are right pass, and there is nothing to sign', async () => {
    const {outputs, failures, annotations} = await run({...inputs, platforms: 'linux/amd64'})
    expect([failures, annotations]).toEqual([[], []])
    expect(outputs).toMatchObject({verified: 'true', images: ''})
  })

  test('wrong ones keep a good image from being signed', async () => {
    const {outputs, failures} = await run(
      {...inputs, image: 'good:1', platforms: 'linux/amd64'},
      {readDockerfiles: async globs => globs.map(file => ({file, text: DOCKERFILE.replace('amd64', 'arm64')}))},
    )
    expect(failures).toEqual([
      expect.stringMatching(
        /^Not verified: Dockerfile:1: ARG TARGETARCH=arm64 .* Nothing was verified, so nothing should/,
      ),
    ])
    expect(outputs).toMatchObject({verified: 'false', images: ''})
  })

  test('a glob that finds nothing is wrong input', async () => {
    const {failures} = await run(inputs, {
      readDockerfiles: async () => {
        throw new UsageError('dockerfile: no file matches "x"')
      },
    })
    expect(failures).toEqual(['Wrong input: dockerfile: no file matches "x"'])
  })

  test('with a baseline and no image are wrong input', async () => {
    const {failures} = await run({...inputs, baseline: 'good:1'})
    expect(failures).toEqual(['Wrong input: baseline: there is no image to compare it with'])
  })
})
