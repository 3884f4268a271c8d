import {spawnSync} from 'node:child_process'
import {readFileSync} from 'node:fs'
import {delimiter, dirname} from 'node:path'
import {expect, test} from '@jest/globals'
import {parse} from 'yaml'
import {temporaryFolder} from './support/temporary-folder.ts'

// The steps by which CI tries the command on Windows and macOS: each passes here, and each can fail.

interface Step {
  readonly name?: string
  readonly run?: string
}

const {jobs} = parse(readFileSync('.github/workflows/ci.yml', 'utf8'))
const {steps, strategy}: {steps: Step[]; strategy: {matrix: {runner: string[]; node: unknown[]}}} = jobs.command
const scripts = steps.flatMap(({name = '', run}) => (run === undefined ? [] : [[name, run] as const]))

function run(script: string): number | null {
  const {status} = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
    encoding: 'utf8',
    env: {
      ...{RUNNER_TEMP: temporaryFolder('command'), HOME: temporaryFolder('home')},
      PATH: [dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter),
    },
  })
  return status
}

test('all three systems, and the oldest node', () => {
  expect(strategy.matrix.runner.map(name => name.replace(/-.*/, ''))).toEqual(['ubuntu', 'windows', 'macos'])
  expect(strategy.matrix.node).toContain('22.15.0')
})

test('layouts, archives, lists and Dockerfiles are tried', () => expect(scripts.length).toBeGreaterThan(3))

test.each(scripts)('%s', (_, script) => expect(run(script)).toBe(0))

test.each(scripts)('%s: it fails where the command does', (_, script) => {
  // The command that is not there ends with 1, which is what a wrong image ends with, too.
  expect(run(script.replaceAll('dist/cli.mjs', 'dist/none.mjs'))).not.toBe(0)
})
