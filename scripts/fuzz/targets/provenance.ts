import {readFileSync} from 'node:fs'
import {parseDigest} from '../../../src/image/digest.ts'
import {finalLineage, parseStatement, stepOfLayer} from '../../../src/provenance/index.ts'
import {type FuzzTarget, holds} from '../target.ts'

const FIXTURES = '__tests__/provenance/fixtures'
const APP = parseDigest('sha256:f09d843acc9b7c9a67e69a6c360fba14a27c384fc1ca41d4762e23471d2821eb')

/** SLSA provenance in in-toto statements, and which step a layer is from. */
export const target: FuzzTarget = {
  name: 'provenance',
  seeds: () =>
    ['app-min-v0.2', 'app-min-v1', 'app-max-v0.2', 'app-max-v1', 'link-max-v1'].map(name =>
      readFileSync(`${FIXTURES}/${name}.json.txt`),
    ),
  limit: 18_000,
  millisecondsPerKiB: 30,
  words: ['null', '{}', '[]', '"step0:0"', '"step1:0"', '"inputs":', '-1', '""'],
  run: input => {
    if (!APP.ok) throw new Error(APP.problem)
    const parsed = parseStatement(input, APP.value)
    if (!parsed.ok) return parsed
    const provenance = parsed.value
    const layers = provenance.steps.flatMap(({chains}) => chains.flat())
    const lineage = finalLineage(provenance)
    holds(lineage.length <= provenance.steps.length, 'a lineage goes through each step once')
    return [provenance, lineage, layers.slice(0, 20).map((_, index) => stepOfLayer(provenance, layers, index))]
  },
}
