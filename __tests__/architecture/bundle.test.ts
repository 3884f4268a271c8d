// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are examples of code
import {execFileSync} from 'node:child_process'
import {readdirSync, readFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {describe, expect, test} from '@jest/globals'
import {moduleList} from '../../scripts/module-list.ts'
import {tinyProgram} from '../../scripts/tiny-programs.ts'
import {buildImage} from '../support/image-builder.ts'
import {layoutFiles, writeLayout} from '../support/image-writers.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

/** Every package in the bundle. One more is a decision: read what it does before it is written here. */
const PACKAGES = [
  // Inputs, outputs and annotations of the action; the tool cache.
  ...['@actions/core', '@actions/exec', '@actions/io', '@actions/tool-cache', 'semver'],
  // GitHub's API, in a file of its own that only a run with a token loads.
  ...['@actions/github', '@octokit/auth-token', '@octokit/core', '@octokit/endpoint', '@octokit/graphql'],
  ...['@octokit/plugin-paginate-rest', '@octokit/plugin-rest-endpoint-methods', '@octokit/request'],
  ...['@octokit/request-error', 'before-after-hook', 'content-type', 'json-with-bigint', 'tunnel', 'undici'],
  'universal-user-agent',
  // Dockerfiles.
  ...['dockerfile-ast', 'vscode-languageserver-textdocument', 'vscode-languageserver-types'],
  // Globs.
  'picomatch',
  // Policies, compose files, Kubernetes manifests and ecosystem files of pm2, in a
  // file of its own that only these load.
  'yaml',
]

/** What the bundle takes from Node.js; none that runs code of its own (vm, inspector, module, repl). */
const BUILTINS = [
  ...['assert', 'async_hooks', 'buffer', 'child_process', 'console', 'crypto', 'diagnostics_channel', 'dns', 'events'],
  ...[
    'fs',
    'fs/promises',
    'http',
    'http2',
    'https',
    'net',
    'os',
    'path',
    'perf_hooks',
    'process',
    'querystring',
    'readline',
    'stream',
  ],
  ...[
    'stream/consumers',
    'string_decoder',
    'timers',
    'timers/promises',
    'tls',
    'url',
    'util',
    'util/types',
    'v8',
    'worker_threads',
    'zlib',
  ],
]

/** Hosts that the bundle may have requests sent to: all others are registries that a user or an image names. */
const HOSTS = [
  'api.github.com',
  'uploads.github.com',
  // How Docker's credentials call Docker Hub.
  'index.docker.io',
  // undici's test double has this base; no request goes there.
  'localhost',
]

/** Hosts of addresses that are names: of formats, of documents. */
const NAMES = [
  ...['github.com', 'docs.github.com', 'wiki.debian.org', 'nsis.sourceforge.io'],
  'raw.githubusercontent.com',
  ...['slsa.dev', 'mobyproject.org', 'json.schemastore.org', 'in-toto.io', 'git-lfs'],
]

const folder = temporaryFolder('bundle')
execFileSync(process.execPath, ['--no-warnings', 'scripts/build.ts', folder])
const modules = readFileSync(join(folder, 'modules.txt'), 'utf8').trimEnd().split('\n')
const built = readdirSync(folder, {recursive: true, encoding: 'utf8'}).filter(name => name.endsWith('.mjs'))

/** Code that is made of text when it runs, or loaded by a name that only the run knows. */
const DYNAMIC: Readonly<Record<string, RegExp>> = {
  'eval or Function': /(?<![.\w$])(?:eval|Function)\s*\(/,
  'require of a variable': /(?<![.\w$])require\s*\(\s*(?!['"\s)])/,
  'import of a variable': /(?<![.\w$])import\s*\(\s*(?!['"\s)])/,
  'builtin of a variable': /\bgetBuiltinModule\s*\(\s*(?!['"\s)])/,
  'code of another kind': /process\.(?:binding|dlopen)|node:vm|\bModule\._load\b/,
}

function dynamicCode(source: string): readonly string[] {
  const found = Object.entries(DYNAMIC).filter(([, pattern]) => pattern.test(source))
  return found.map(([kind]) => kind)
}

const hostsIn = (source: string): readonly string[] =>
  [...source.matchAll(/\b(?:https?|wss?):\/\/([a-z0-9.-]*[a-z0-9])/gi)].map(([, host = '']) => host)

describe('the bundle', () => {
  test('is of this repository and of known packages', () => {
    const foreign = modules.filter(
      name => !/^(?:src\/|node_modules\/|node:|scripts\/stubs\/(?:exec|http-client)\.ts$)/.test(name),
    )
    expect(foreign).toEqual([])
    const packages = modules.map(name => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(name)?.[1])
    expect([...new Set(packages.filter(name => name !== undefined))].sort()).toEqual([...PACKAGES].sort())
  })

  test('takes no more from Node.js than is known', () => {
    const builtins = modules.filter(name => name.startsWith('node:')).map(name => name.slice('node:'.length))
    expect(builtins).toEqual(BUILTINS)
    const code = modules.filter(name => /^(?:src|node_modules|scripts)\//.test(name))
    const taken = code.flatMap(name =>
      [...readFileSync(name, 'utf8').matchAll(/getBuiltinModule\(['"](?:node:)?([^'"]+)/g)].map(([, found]) => found),
    )
    expect(taken).toContain('http')
    expect(taken.filter(name => !BUILTINS.includes(name ?? ''))).toEqual([])
  })

  test('has no code that is made or chosen when it runs', () => {
    const code = modules.filter(name => /^(?:src|node_modules|scripts)\//.test(name))
    const wrong = code.flatMap(name => dynamicCode(readFileSync(name, 'utf8')).map(kind => `${name}: ${kind}`))
    expect(wrong).toEqual([])
    expect(code.length).toBeGreaterThan(300)
    expect(built.flatMap(name => dynamicCode(readFileSync(join(folder, name), 'utf8')))).toEqual([])
  })

  test('names no host but those that are meant', () => {
    const hosts = new Set(built.flatMap(name => hostsIn(readFileSync(join(folder, name), 'utf8'))))
    expect([...hosts].filter(host => !HOSTS.includes(host) && !NAMES.includes(host))).toEqual([])
    expect([...HOSTS, ...NAMES].filter(host => !hosts.has(host))).toEqual([])
  })

  test('node:http comes without undici (src/net/node-http.ts)', () => {
    const imports = (name: string) =>
      /\b(?:from|import)\s*\(?["'](?:node:)?http["']/.test(readFileSync(join(folder, name), 'utf8'))
    expect(built.filter(name => name !== 'github.mjs' && imports(name))).toEqual([])
    expect(built.some(name => readFileSync(join(folder, name), 'utf8').includes('getBuiltinModule("node:http")'))).toBe(
      true,
    )
  })

  test('the reader of YAML is loaded only where there is YAML', () => {
    const isYaml = (name: string) => readFileSync(join(folder, name), 'utf8').includes('Unresolved alias (the anchor')
    expect(built.filter(isYaml)).toHaveLength(1)
    // What is imported without import() is read by every run.
    const loaded = new Set(['action.mjs', 'command.mjs', 'post.mjs'])
    for (const name of loaded) {
      const source = readFileSync(join(folder, name), 'utf8')
      for (const [, from = ''] of source.matchAll(/\b(?:from|import)\s*"(\.[^"]+)"/g)) {
        loaded.add(join(dirname(name), from))
      }
    }
    expect(loaded.size).toBeGreaterThan(5)
    expect([...loaded].filter(isYaml)).toEqual([])
  })

  test('and read there: an ecosystem file of pm2', async () => {
    const layoutOf = (program: string) =>
      writeLayout(
        join(folder, program),
        layoutFiles([
          {
            image: buildImage([
              {
                platform: {os: 'linux', architecture: 'amd64'},
                process: {Entrypoint: ['/bin/pm2-runtime', '/apps.yaml'], Env: ['PATH=/bin']},
                layers: [
                  {
                    'bin/node': {content: tinyProgram('amd64'), mode: 0o755},
                    'bin/good': {content: tinyProgram('amd64'), mode: 0o755},
                    'bin/foreign': {content: tinyProgram('arm64'), mode: 0o755},
                    'bin/pm2-runtime': {content: '#!/bin/node\n', mode: 0o755},
                    'apps.yaml': {content: `apps:\n  - script: /bin/${program}\n`, mode: 0o644},
                  },
                ],
              },
            ]),
          },
        ]),
      )
    const check = async (program: string) => {
      const layout = await layoutOf(program)
      const cli = join(folder, 'command.mjs')
      const args = ['--scope', 'entrypoint', '--format', 'json', `oci:${layout}`]
      const printed = execFileSync(process.execPath, [cli, ...args], {encoding: 'utf8'})
      const {findings}: {findings: readonly {rule: string}[]} = JSON.parse(printed)
      return findings.map(({rule}) => rule)
    }
    expect(await check('good')).toEqual([])
    expect(await check('foreign')).toEqual(['wrong-machine'])
  })

  test('what speaks to GitHub’s API is in its own file alone', () => {
    const isGitHubs = (name: string) => /uploads\.github\.com/.test(readFileSync(join(folder, name), 'utf8'))
    expect(built.filter(isGitHubs)).toEqual(['github.mjs'])
  })
})

describe('the guards see what they guard against', () => {
  test.each([
    ['eval(text)', 'eval or Function'],
    ['new Function("return 1")', 'eval or Function'],
    ['const x=require(name)', 'require of a variable'],
    ['await import(`./${name}.js`)', 'import of a variable'],
    ['process.getBuiltinModule(name)', 'builtin of a variable'],
    ['process.dlopen(m, f)', 'code of another kind'],
  ])('%s', (source, kind) => expect(dynamicCode(source)).toEqual([kind]))

  test.each(['require("fs")', "import('./x.mjs')", 'a.eval(x)', 'isFunction(x)', 'x instanceof Function'])(
    'not %s',
    source => expect(dynamicCode(source)).toEqual([]),
  )

  test('hosts', () => {
    expect(hostsIn('fetch("https://Evil.example/x"); "wss://a.b:1"; `http://${host}`')).toEqual(['Evil.example', 'a.b'])
  })

  test('modules and what they take from Node.js', () => {
    const metafile = {
      inputs: {'src/a.ts': {bytes: 1, imports: []}, '../x/node_modules/p/i.js': {bytes: 1, imports: []}},
      outputs: {
        'a.mjs': {
          bytes: 1,
          inputs: {},
          exports: [],
          imports: [
            {path: 'fs', kind: 'require-call', external: true},
            {path: './github.mjs', kind: 'dynamic-import', external: true},
            {path: 'chunk.mjs', kind: 'import-statement'},
          ],
        },
      },
    } as const
    expect(moduleList([metafile as never])).toBe('node:fs\nnode_modules/p/i.js\nsrc/a.ts\n')
  })
})
