import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {isDeepStrictEqual} from 'node:util'
import type {Scope} from '../../src/facts/scope.ts'
import type {ToolName, ToolResult} from './compare/tools.ts'
import {type DockerfileVerdict, runDockerfile} from './lint.ts'
import {type Outcome, runRecipe, type Verdict} from './run.ts'
import type {Case} from './suite.ts'

export const RESULTS_FILE = new URL('results.json', import.meta.url)

/** What this project says of one case. */
export interface OurResult {
  /** As `Case.name`: unique. */
  readonly name: string
  readonly kind: Case['kind']
  readonly id: string
  /** Where one incident is told in several ways. */
  readonly way?: string
  /** The digests of the images that everything was run on. */
  readonly images: Outcome['images']
  readonly ours: Readonly<Record<Scope, Verdict>>
  /** What it says of the Dockerfile, before there is an image; absent where the thread tells of no line. */
  readonly dockerfile?: DockerfileVerdict
}

/** What came of a case. */
export interface CaseOutcome extends Omit<Outcome, 'verdicts' | 'images'> {
  readonly result: OurResult
}

export interface CaseResult extends OurResult {
  readonly tools: Readonly<Record<ToolName, ToolResult>>
}

/** What was run, on what, and what came of it. */
export interface Results {
  /** The versions of the tools. */
  readonly tools: Readonly<Record<string, string>>
  readonly cases: readonly CaseResult[]
}

/** Runs this project on a case: its images, which are built under `directory`, and its Dockerfile. */
export async function runCase(one: Case, directory: string): Promise<CaseOutcome> {
  const {kind, id, name, recipe} = one
  const {found, problems, images, verdicts} = await runRecipe(recipe, directory)
  const lint = one.dockerfile && (await runDockerfile(one.dockerfile, join(directory, 'bases')))
  return {
    found,
    problems: [...problems, ...(lint?.problems ?? [])],
    result: {
      name,
      kind,
      id,
      ...(recipe.way === undefined ? {} : {way: recipe.way}),
      images,
      ours: verdicts,
      ...(lint ? {dockerfile: lint.verdict} : {}),
    },
  }
}

/** Reads `results.json`, as `formatResults` wrote it. */
export function readResults(): Results {
  // Our own file; test:incidents compares what it says with what is seen now.
  return JSON.parse(readFileSync(RESULTS_FILE, 'utf8')) as Results
}

export function formatResults(results: Results): string {
  return `${JSON.stringify(results, null, 1)}\n`
}

/**
 * The results with what this project says now; what the tools said of an image is
 * kept. Throws where an image is another.
 */
export function withOurs(results: Results, ours: readonly OurResult[]): Results {
  return {
    ...results,
    cases: ours.map(own => {
      const known = results.cases.find(({name}) => name === own.name)
      if (known === undefined || !isDeepStrictEqual(known.images, own.images)) {
        throw new Error(`${own.name}: the tools were not run on these images; run npm run incidents:compare`)
      }
      return {...own, tools: known.tools}
    }),
  }
}

/**
 * The names of the cases of which the results say something else than is seen now: of this project, or of the images.
 */
export function findDifferences(results: Results, ours: readonly OurResult[]): readonly string[] {
  const written = new Map(results.cases.map(({tools: _, ...own}) => [own.name, own]))
  const seen = new Map(ours.map(own => [own.name, own]))
  return [...new Set([...written.keys(), ...seen.keys()])].filter(
    name => !isDeepStrictEqual(written.get(name), seen.get(name)),
  )
}
