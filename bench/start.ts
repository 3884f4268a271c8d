/**
 * `npm run bench -- start`: what it takes until the bundles of dist/ have done something short, beside bare node, in
 * turns; medians. The action ends at once on an input that is wrong, and checks a small layout; the command prints its
 * version, and checks the same layout. Nothing is kept of compiled code, as on a fresh runner.
 *
 * `--rounds N`: 20.
 */
import {spawnSync} from 'node:child_process'
import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {parseArgs} from 'node:util'
import {withTemporaryFolder} from '../scripts/support/temporary-folder.ts'
import {type Figures, figure} from './report/figures.ts'
import {median} from './report/statistics.ts'
import {REPOSITORY, runnerEnvironment} from './support/runner.ts'

const LAYOUT = `oci:${join(REPOSITORY, 'examples/match')}`

interface Start {
  readonly name: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly code: number
}

export async function bench(args: readonly string[]): Promise<Figures> {
  const {values} = parseArgs({args: [...args], options: {rounds: {type: 'string', default: '20'}}})
  const rounds = Number(values.rounds)
  return withTemporaryFolder('verify-image-arch-bench', async folder => {
    const starts = startsIn(folder)
    const taken = new Map<string, number[]>()
    for (let round = 0; round < rounds; round += 1) {
      for (const start of starts) taken.set(start.name, [...(taken.get(start.name) ?? []), time(start, folder)])
    }
    const of = (name: string): number => median(taken.get(name) ?? [])
    const bare = of(BARE)
    const lines = starts.map(({name}) => ({
      name,
      milliseconds: of(name).toFixed(1),
      'beyond bare node': name === BARE ? '' : (of(name) - bare).toFixed(1),
    }))
    const detail = `bare node in the same run ${bare.toFixed(1)} ms`
    return {
      figures: [figure('action-start', of(ACTION), rounds, detail)],
      tables: [{title: `starts in milliseconds; medians of ${rounds}`, lines}],
    }
  })
}

const BARE = 'node, no program'
const ACTION = 'the action, an input that is wrong'

function startsIn(folder: string): readonly Start[] {
  const at = (name: string): string => join(folder, name)
  writeFileSync(at('empty.mjs'), '')
  const [action, command] = ['action.mjs', 'cli.mjs'].map(name => join(REPOSITORY, 'dist', name))
  return [
    {name: BARE, args: ['-e', '0'], code: 0},
    {name: 'node, an empty ES module', args: [at('empty.mjs')], code: 0},
    {name: ACTION, args: [action ?? ''], env: runnerEnvironment(folder, {image: ''}), code: 1},
    {
      ...{name: 'the action, a small layout', args: [action ?? '']},
      ...{env: runnerEnvironment(folder, {image: LAYOUT}), code: 0},
    },
    {name: 'the command, --version', args: [command ?? '', '--version'], code: 0},
    {name: 'the command, a small layout', args: [command ?? '', LAYOUT, '--quiet'], code: 0},
  ]
}

function time({name, args, env, code}: Start, folder: string): number {
  const since = performance.now()
  const {status, stdout, stderr} = spawnSync(process.execPath, args, {
    cwd: folder,
    env: {PATH: process.env.PATH, HOME: folder, ...env},
    encoding: 'utf8',
  })
  const taken = performance.now() - since
  if (status !== code) throw new Error(`${name}: expected ${code}, got ${status}: ${stdout}${stderr}`)
  return taken
}
