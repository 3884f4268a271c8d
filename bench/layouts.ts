/**
 * `npm run bench -- layouts`: the action over many image layouts, beside the command over the same ones, of dist/, in
 * turns; medians. The images are those of `bench -- fleet`, of which one in twenty is wrong.
 *
 * `--images N`: 996; `--rounds N`: 3.
 */
import {join} from 'node:path'
import {parseArgs} from 'node:util'
import {layoutFiles, writeLayout} from '../__tests__/support/image-writers.ts'
import {withTemporaryFolder} from '../scripts/support/temporary-folder.ts'
import {type Figures, figure} from './report/figures.ts'
import {fleetImages} from './support/fleet-images.ts'
import {against, measureInTurns, processorAndMemory, ratio, type Way} from './support/in-turns.ts'
import {measuredRun} from './support/measured-run.ts'
import {REPOSITORY, runnerEnvironment} from './support/runner.ts'

export async function bench(args: readonly string[]): Promise<Figures> {
  const {values} = parseArgs({
    args: [...args],
    options: {images: {type: 'string', default: '996'}, rounds: {type: 'string', default: '3'}},
  })
  const rounds = Number(values.rounds)
  return withTemporaryFolder('verify-image-arch-bench', async folder => {
    const layouts: string[] = []
    for (const {image} of fleetImages(Number(values.images), 'own')) {
      layouts.push(`oci:${await writeLayout(join(folder, `layout-${layouts.length}`), layoutFiles([{image}]))}`)
    }
    const [command, action] = await measureInTurns([commandWay(folder, layouts), actionWay(folder, layouts)], rounds)
    if (!command || !action) throw new Error('nothing was measured')
    const lines = [command, action].map(one => ({
      run: one.name,
      seconds: one.seconds.toFixed(2),
      'time of the command': ratio(one, command),
      ...processorAndMemory(one),
    }))
    return {
      figures: [figure('action-layouts', action.seconds / command.seconds, rounds, against(action, command))],
      tables: [{title: `${layouts.length} layouts of two platforms; medians of ${rounds}`, lines}],
    }
  })
}

/** Findings: one image in twenty is wrong. */
const CODES = [1]

function commandWay(folder: string, layouts: readonly string[]): Way {
  const program = join(REPOSITORY, 'dist/cli.mjs')
  const run = () => measuredRun(program, layouts, {env: process.env, scratch: folder, codes: CODES})
  return {name: 'the command', run}
}

function actionWay(folder: string, layouts: readonly string[]): Way {
  const program = join(REPOSITORY, 'dist/action.mjs')
  const inputs = {image: layouts.join('\n')}
  return {
    name: 'the action',
    run: () => {
      const env = {...process.env, ...runnerEnvironment(folder, inputs)}
      return measuredRun(program, [], {env, scratch: folder, codes: CODES})
    },
  }
}
