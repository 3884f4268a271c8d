import {spawnSync} from 'node:child_process'
import {cpSync, readFileSync, writeFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {join} from 'node:path'
import {beforeAll, describe, expect, test} from '@jest/globals'
import {Language, Parser} from 'web-tree-sitter'
import {parse} from 'yaml'
import {temporaryFolder} from './support/temporary-folder.ts'

// Whether the examples for other CI systems are what those systems read: by the schema of GitLab and CircleCI, which
// packages of npm carry, and by Groovy's grammar. No package has a schema of Azure Pipelines or Tekton: of those the
// names are held that must agree within the file. pre-commit's own check is in e2e/pre-commit.e2e.ts.

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

describe('Tekton: names that must agree', () => {
  const text = read('tekton/task.yaml')
  const {spec} = parse(text)
  const names = (list: readonly {readonly name: string}[]): readonly string[] => list.map(({name}) => name)

  test.each(['params', 'workspaces'] as const)('%s', kind => {
    const used = Array.from(text.matchAll(new RegExp(`\\$\\(${kind}\\.([\\w-]+)`, 'g')), ([, name]) => name)
    expect(used).not.toEqual([])
    expect(new Set(used)).toEqual(new Set(names(spec[kind])))
  })
})

describe('Azure Pipelines: names that must agree', () => {
  const {steps, variables} = parse(read('azure-pipelines.yml'))

  test('each step is a task of a version or a script, and its variables reach it', () => {
    for (const {task, script, env = {}} of steps) {
      if (script === undefined) expect(task).toMatch(/^[A-Z]\w+@\d+$/)
      const used = Array.from(String(script ?? '').matchAll(/\$([A-Z_]+)/g), ([, name]) => name)
      expect(Object.keys(env)).toEqual(expect.arrayContaining(used))
      for (const [name, value] of Object.entries(env)) expect(value).toBe(`$(${name})`)
    }
    expect(Object.keys(variables)).toEqual(['PLATFORMS'])
  })
})
