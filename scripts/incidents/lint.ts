import {mkdir} from 'node:fs/promises'
import {join} from 'node:path'
import {check} from '../../src/pipeline/check.ts'
import {DEFAULTS, parseOptions} from '../../src/pipeline/options.ts'
import type {Report} from '../../src/report/report.ts'
import {openLayout} from '../../src/source/layout/layout.ts'
import {buildLayout} from '../support/layout-builder.ts'
import type {DockerfileRecipe} from './dockerfiles.ts'

/** What the Dockerfile alone says, before there is an image. */
export interface DockerfileVerdict {
  readonly level: 'error' | 'warning' | 'none'
  readonly rules: readonly string[]
}

export interface DockerfileOutcome {
  readonly verdict: DockerfileVerdict
  /** What is not as it should be; empty where the recipe holds. */
  readonly problems: readonly string[]
}

/**
 * Checks both Dockerfiles of a recipe as a user would who builds for linux/amd64 and linux/arm64;
 * the bases are layouts under `directory`.
 */
export async function runDockerfile(recipe: DockerfileRecipe, directory: string): Promise<DockerfileOutcome> {
  const {finds, broken, repaired} = recipe
  const report = await checkText(recipe, broken, join(directory, 'broken'))
  const mended = await checkText(recipe, repaired, join(directory, 'repaired'))
  const found = report.findings.find(
    ({rule, line, level}) => rule === finds.rule && line === finds.line && level === finds.level,
  )
  const tell = ({findings}: Report) => findings.map(({rule, line, message}) => `${rule} ${line}: ${message}`).join('; ')
  return {
    verdict: {level: found ? finds.level : 'none', rules: found ? [found.rule] : []},
    problems: [
      ...(found ? [] : [`not found in its Dockerfile: ${finds.rule} in line ${finds.line}; found: ${tell(report)}`]),
      ...(mended.findings.every(({level}) => level === 'note') ? [] : [`in the mended Dockerfile: ${tell(mended)}`]),
    ],
  }
}

async function checkText({bases}: DockerfileRecipe, text: string, directory: string): Promise<Report> {
  const options = parseOptions({
    ...DEFAULTS,
    image: [],
    metadata: '',
    platforms: ['linux/amd64', 'linux/arm64'],
    rules: [],
    ignore: [],
    dockerfile: ['Dockerfile'],
    baseline: '',
  })
  return check(
    options,
    async location => {
      const image = bases[location.text]
      if (image === undefined) throw new Error(`nobody should ask for ${location.text}`)
      const at = join(directory, location.text.replace(/[^a-z0-9]/g, '-'))
      await mkdir(at, {recursive: true})
      buildLayout(at, image)
      return openLayout({reference: location.text, directory: at})
    },
    {version: 'test'},
    async () => [{file: 'Dockerfile', text}],
  )
}
