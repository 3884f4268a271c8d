import {spawnSync} from 'node:child_process'
import {cpSync, readFileSync, writeFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {join} from 'node:path'
import {beforeAll, describe, expect, test} from '@jest/globals'
import {Ajv} from 'ajv'
import {Pod} from 'kubernetes-models/v1/Pod'
import {Language, Parser} from 'web-tree-sitter'
import {parse} from 'yaml'
import {temporaryFolder} from './support/temporary-folder.ts'

// Whether the examples for other CI systems are what those systems read: by the schema of GitLab and CircleCI, which
// packages of npm carry, and by Groovy's grammar. No package has a schema of Azure Pipelines or Tekton: of those the
// fields are held to what their references list, a step of Tekton to Kubernetes' schema of a container, and the names
// that must agree within the file to each other. pre-commit's own check is in e2e/pre-commit.e2e.ts.

const require = createRequire(import.meta.url)
const FOLDER = 'examples/elsewhere'
const read = (path: string): string => readFileSync(join(FOLDER, path), 'utf8')

/** The text with one part replaced, which must be there. */
function wrong(text: string, part: string, other: string): string {
  expect(text).toContain(part)
  return text.replace(part, other)
}

describe('GitLab: the component, included with its inputs', () => {
  const COMPONENT = 'gitlab/templates/verify-image-arch.yml'
  const pipeline = (inputs: string): string =>
    `include:\n  - local: templates/verify-image-arch.yml\n    inputs:\n${inputs.replaceAll(/^/gm, '      ')}\n`

  /** gitlab-ci-local expands the inputs and holds the pipeline to GitLab's schema; `--list` runs no job. */
  function list(
    component: string,
    inputs = 'image: oci:match',
  ): {readonly status: number | null; readonly out: string} {
    const folder = temporaryFolder('gitlab')
    cpSync(join(FOLDER, 'gitlab/templates'), join(folder, 'templates'), {recursive: true})
    writeFileSync(join(folder, 'templates/verify-image-arch.yml'), component)
    writeFileSync(join(folder, '.gitlab-ci.yml'), pipeline(inputs))
    const git = 'git init -q . && git remote add origin git@gitlab.com:org/app.git && git add -A'
    expect(spawnSync('sh', ['-c', git], {cwd: folder}).status).toBe(0)
    const {status, stdout, stderr} = spawnSync(process.execPath, [require.resolve('gitlab-ci-local'), '--list'], {
      cwd: folder,
      encoding: 'utf8',
      env: {PATH: process.env.PATH, HOME: folder, NO_COLOR: '1'},
    })
    return {status, out: stdout + stderr}
  }

  test('is valid, and has the one job', () => {
    const {status, out} = list(read(COMPONENT))
    expect([status, out]).toEqual([0, expect.stringContaining('json schema validated')])
    expect(out).toMatch(/^verify-image-arch +test /m)
  })

  test.each([
    ['codequality:', 'codequalite:', "'codequalite' property is not expected"],
    ['when: always', 'when: sometimes', 'artifacts.when'],
  ])('it would say that %s is wrong', (part, other, message) => {
    const {status, out} = list(wrong(read(COMPONENT), part, other))
    expect([status, out]).toEqual([1, expect.stringContaining(message)])
  })

  test('it would say that an input is missing', () => {
    expect(list(read(COMPONENT), 'stage: test').status).toBe(1)
  })
})

describe('CircleCI: the configuration', () => {
  // Of CommonJS, and without types for this: it is called by its name.
  const {
    parseConfig,
  }: {
    parseConfig: (text: string) => {readonly jobs: readonly {readonly name: string}[]}
  } = require('@circleci/circleci-config-parser')
  const config = read('circleci.yml')

  test('is valid, and has the one job', () =>
    expect(parseConfig(config).jobs.map(({name}) => name)).toEqual(['verify-image-arch']))

  test.each([
    ['docker:', 'dokker:'],
    ['command:', 'comand:'],
    ['type: string', 'type: text'],
    ['steps:', 'stepps:'],
  ])('%s could not be %s', (part, other) => expect(() => parseConfig(wrong(config, part, other))).toThrow())
})

describe('Jenkins: the pipeline is Groovy', () => {
  let parser: Parser

  beforeAll(async () => {
    await Parser.init()
    parser = new Parser()
    parser.setLanguage(await Language.load(require.resolve('tree-sitter-groovy/tree-sitter-groovy.wasm')))
  })
  const hasError = (text: string): boolean => parser.parse(text)?.rootNode.hasError ?? true

  test('it is', () => expect(hasError(read('Jenkinsfile'))).toBe(false))

  test.each([
    ['}\n', ''],
    ['parameters {', 'parameters ('],
    ["'IMAGE'", "'IMAGE"],
  ])('%j could not be %j', (part, other) => expect(hasError(wrong(read('Jenkinsfile'), part, other))).toBe(true))

  test('its blocks are those of a declarative pipeline, in their places', () => {
    // https://www.jenkins.io/doc/book/pipeline/syntax/
    expect(Array.from(read('Jenkinsfile').matchAll(/^( *)(\w+)(?:\('[^']*'\))? \{$/gm), ([, , name]) => name)).toEqual([
      ...['pipeline', 'parameters', 'stages', 'stage', 'steps', 'post', 'always'],
    ])
  })
})

/** An object with these fields and no others. */
const closed = (properties: Readonly<Record<string, object>>, required: readonly string[] = []): object => ({
  ...{type: 'object', properties, required, additionalProperties: false},
})
const listOf = (items: object, minItems = 1): object => ({type: 'array', items, minItems})
const text = {type: 'string'}
const texts = listOf(text)
const map = {type: 'object', additionalProperties: text}

/** What a schema says of a document; empty where it takes it. */
function problems(schema: object, document: unknown): readonly string[] {
  const validate = new Ajv({allErrors: true, strict: true, allowUnionTypes: true}).compile(schema)
  return validate(document)
    ? []
    : (validate.errors ?? []).map(({instancePath, message}) => `${instancePath} ${message}`)
}

describe('Tekton: the task', () => {
  const task = read('tekton/task.yaml')
  const {spec} = parse(task)
  const names = (list: readonly {readonly name: string}[]): readonly string[] => list.map(({name}) => name)

  // https://github.com/tektoncd/pipeline/blob/main/pkg/apis/pipeline/v1/task_types.go and param_types.go,
  // workspace_types.go, container_types.go; the fields of a container are Kubernetes' own.
  const TASK = closed(
    {
      apiVersion: {const: 'tekton.dev/v1'},
      kind: {const: 'Task'},
      metadata: closed(
        {name: {type: 'string', pattern: '^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$'}, labels: map, annotations: map},
        ['name'],
      ),
      spec: closed(
        {
          ...{displayName: text, description: text},
          params: listOf(
            closed(
              {name: text, description: text, default: text, type: {enum: ['string', 'array', 'object']}, enum: texts},
              ['name'],
            ),
          ),
          workspaces: listOf(
            closed(
              {
                name: text,
                description: text,
                mountPath: text,
                readOnly: {type: 'boolean'},
                optional: {type: 'boolean'},
              },
              ['name'],
            ),
          ),
          steps: listOf(
            closed(
              {
                name: text,
                image: text,
                command: texts,
                args: texts,
                workingDir: text,
                env: {type: 'array'},
                script: text,
                timeout: text,
              },
              ['image'],
            ),
          ),
        },
        ['steps'],
      ),
    },
    ['apiVersion', 'kind', 'metadata', 'spec'],
  )

  /** Kubernetes starts a step as a container of a pod (`ToK8sContainer` of container_types.go). */
  function said(document: string): readonly string[] {
    const parsed = parse(document)
    const found = problems(TASK, parsed)
    if (found.length > 0) return found
    try {
      new Pod({metadata: {name: 'a'}, spec: {containers: parsed.spec.steps}}).validate()
      return []
    } catch (thrown) {
      return [String(thrown)]
    }
  }

  test('has the fields of a task, and its step is a container', () => expect(said(task)).toEqual([]))

  test.each([
    ['tekton.dev/v1', 'tekton.dev/v2'],
    ['kind: Task', 'kind: Tasks'],
    ['name: verify-image-arch', 'name: Verify_image'],
    ['default:', 'defualt:'],
    ['optional: true', 'optional: 1'],
    ['steps:', 'step:'],
    ['image: ghcr', 'imge: ghcr'],
    ['args:', 'arg:'],
    ['name: DOCKER_CONFIG', 'nam: DOCKER_CONFIG'],
    ['- --source=registry', '- [--source, registry]'],
  ])('%s could not be %s', (part, other) => expect(said(wrong(task, part, other))).not.toEqual([]))

  test.each(['params', 'workspaces'] as const)('%s are used, and no others', kind => {
    const used = Array.from(task.matchAll(new RegExp(`\\$\\(${kind}\\.([\\w-]+)`, 'g')), ([, name]) => name)
    expect(used).not.toEqual([])
    expect(new Set(used)).toEqual(new Set(names(spec[kind])))
  })
})

describe('Azure Pipelines: the pipeline', () => {
  const pipeline = read('azure-pipelines.yml')
  const {steps, variables} = parse(pipeline)

  // https://learn.microsoft.com/azure/devops/pipelines/yaml-schema: pipeline, steps.task, steps.script; and the inputs
  // of the two tasks, in its reference of tasks.
  const ANY_STEP = {displayName: text, condition: text, env: map, name: text, continueOnError: {type: 'boolean'}}
  const task = (name: string, inputs: object): object =>
    closed({task: {const: name}, inputs, ...ANY_STEP}, ['task', 'inputs'])
  const STEPS = {
    'UseNode@1': task('UseNode@1', closed({version: text, checkLatest: {type: 'boolean'}}, ['version'])),
    'PublishTestResults@2': task(
      'PublishTestResults@2',
      closed(
        {
          testResultsFormat: {enum: ['JUnit', 'NUnit', 'VSTest', 'XUnit', 'CTest']},
          ...{testResultsFiles: text, searchFolder: text, testRunTitle: text, failTaskOnFailedTests: {type: 'boolean'}},
        },
        ['testResultsFormat', 'testResultsFiles'],
      ),
    ),
    script: closed({script: text, workingDirectory: text, failOnStderr: {type: 'boolean'}, ...ANY_STEP}, ['script']),
  }
  const PIPELINE = closed(
    {
      trigger: closed({
        branches: closed({include: texts, exclude: texts}),
        paths: closed({include: texts, exclude: texts}),
      }),
      pool: closed({name: text, vmImage: text}),
      variables: map,
      steps: listOf({oneOf: Object.values(STEPS)}),
    },
    ['steps'],
  )

  test('has the fields of a pipeline, and its tasks have their inputs', () =>
    expect(problems(PIPELINE, parse(pipeline))).toEqual([]))

  test.each([
    ['trigger:', 'triger:'],
    ['vmImage:', 'image:'],
    ['include: [main]', 'include: main'],
    ['UseNode@1', 'UseNode@2'],
    ['version: 24.x', 'versionSpec: 24.x'],
    ['inputs:', 'input:'],
    ['- script:', '- scripts:'],
    ['condition: succeeded', 'if: succeeded'],
    ['JUnit', 'Junit'],
    ['testResultsFiles:', 'testResultFiles:'],
  ])('%s could not be %s', (part, other) =>
    expect(problems(PIPELINE, parse(wrong(pipeline, part, other)))).not.toEqual([]),
  )

  test('the variables of a script reach it', () => {
    for (const {script, env = {}} of steps) {
      const used = Array.from(String(script ?? '').matchAll(/\$([A-Z_]+)/g), ([, name]) => name)
      expect(Object.keys(env)).toEqual(expect.arrayContaining(used))
      for (const [name, value] of Object.entries(env)) expect(value).toBe(`$(${name})`)
    }
    expect(Object.keys(variables)).toEqual(['PLATFORMS'])
  })
})
