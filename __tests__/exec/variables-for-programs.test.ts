import {describe, expect, test} from '@jest/globals'
import {executable, type MemoryTree} from '../support/memory-rootfs.ts'
import {nativeProgram, sayStart, startScript} from '../support/script-start.ts'

/** What a container starts by `exec COMMAND` in /app, by scripts that give variables to a program. */
async function started(command: string, files: MemoryTree = {}): Promise<readonly string[]> {
  const scripts = ['cross-env', 'dotenv', 'dotenvx', 'varlock'].map(name => [
    `/bin/${name}`,
    executable('#!/bin/node\n'),
  ])
  const startup = await startScript(`cd /app\nexec ${command}`, {
    files: {
      ...Object.fromEntries(scripts),
      '/bin/opentelemetry-instrument': executable('#!/bin/python3\n'),
      '/opt/tool': executable(nativeProgram()),
      "/app/it's": executable(nativeProgram()),
      '/app/$A': executable(nativeProgram()),
      ...files,
    },
  })
  return sayStart(startup)
}

describe('cross-env', () => {
  // Measured with cross-env 10.1 and 7.0's own text.
  test.each<[string, string]>([
    [`cross-env 'PATH=/nope:$PATH' sh -c /app/server`, '/app/server'],
    [`cross-env 'PATH=$PATH:/opt' tool`, '/opt/tool'],
    [`cross-env 'PATH=\${PATH}:/opt' tool`, '/opt/tool'],
    [`cross-env 'PATH=/nope\\:/opt' tool`, '/opt/tool'],
    [`cross-env 'PATH=\\$PATH' tool`, 'tool: not-in-path'],
    [`cross-env "A='server'" sh -c 'exec /app/$A'`, '/app/server'],
    [`cross-env 'A="server"' sh -c 'exec /app/$A'`, '/app/server'],
    [`cross-env X-A=server sh -c 'exec /app/$A'`, '/app/server'],
    [`cross-env A=server sh -c 'exec /app/$B'`, '? /app/ -> /app: not-executable'],
    [`cross-env A=1 "'/app/server'"`, '/app/server'],
    [`cross-env A=1 "/app/it\\'s"`, "/app/it's"],
    [`cross-env A=1 '/app/\\$A'`, '/app/$A'],
    [`cross-env A=1 '/app/$A'`, '/app/$A'],
    [`cross-env '' A=1 /app/server`, '/app/server'],
    ['cross-env -- /app/server', '--: not-in-path'],
  ])('%s', async (command, expected) => {
    expect((await started(command))[0]).toBe(expected)
  })
})

describe('variables from files', () => {
  const UNKNOWN = (name: string) => `unknown: ${name} may change PATH by what its files hold`
  const PATH = {'/app/.env': 'A=b\nexport PATH=/opt\n'}
  // Measured with dotenvx 2.38, dotenv-cli 11.0 and varlock 1.20.
  test.each<[string, MemoryTree, string]>([
    ['dotenvx run -- tool', PATH, 'tool: not-in-path'],
    ['dotenvx run --overload -- tool', PATH, UNKNOWN('dotenvx')],
    ['dotenvx run --env PATH=/opt -- tool', {}, UNKNOWN('dotenvx')],
    ['dotenvx run -f .env -- /app/arm', PATH, '/app/arm: refused'],
    ['dotenv -o -- tool', PATH, UNKNOWN('dotenv')],
    ['dotenv -v PATH=/opt -- tool', {}, UNKNOWN('dotenv')],
    ['dotenv -- tool', PATH, 'tool: not-in-path'],
    ['dotenv run -- tool', PATH, UNKNOWN('dotenv')],
    ['dotenv run -- tool', {'/app/.env': 'A=b\n'}, 'tool: not-in-path'],
    ['dotenv -f other run -- tool', {}, UNKNOWN('dotenv')],
    ['varlock run -- tool', PATH, 'tool: not-in-path'],
  ])('%s', async (command, files, expected) => {
    expect((await started(command, files))[0]).toBe(expected)
  })
})

// As argparse of Python 3.11 reads such words.
test.each([
  'opentelemetry-instrument -- /app/server --version',
  'opentelemetry-instrument --service_name x -- /app/server',
  'opentelemetry-instrument --service_name x /app/server -- y',
])('%s', async command => {
  expect((await started(command))[0]).toBe('/app/server')
})
