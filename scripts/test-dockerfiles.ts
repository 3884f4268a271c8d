/**
 * Looks at small Dockerfiles that have the shapes of real ones, for linux/amd64 and linux/arm64, and compares what is
 * told with what should be. Most of them are right, and nothing may be told of those.
 */
import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {buildsOf, lintBuilds} from '../src/dockerfile/index.ts'
import {parseDockerfile} from '../src/dockerfile/parse.ts'
import {parsePlatform} from '../src/platform/index.ts'
import {RULES} from '../src/rules/index.ts'
import {runRules} from '../src/rules/run.ts'
import {type Case, parseCases} from './dockerfiles/cases.ts'

/** Fewer would mean that the files were not found. */
const LEAST = 200

const FOLDER = join(import.meta.dirname, 'dockerfiles', 'cases')
const platforms = ['linux/amd64', 'linux/arm64'].map(text => {
  const parsed = parsePlatform(text)
  if (!parsed.ok) throw new Error(parsed.problem)
  return parsed.value
})

const cases = readdirSync(FOLDER)
  .toSorted()
  .flatMap(file => parseCases(file, readFileSync(join(FOLDER, file), 'utf8')))
const wrong = cases.filter(one => !isRight(one))
const quiet = cases.filter(({expected}) => expected.length === 0).length
console.log(`${cases.length} Dockerfiles, ${quiet} of them with nothing to tell`)
console.log(`test:dockerfiles: ${cases.length - wrong.length} passed, ${wrong.length} failed`)
if (cases.length < LEAST) throw new Error(`expected at least ${LEAST} Dockerfiles`)
if (wrong.length > 0) process.exitCode = 1

function isRight({name, text, expected}: Case): boolean {
  const told = findingsOf(text)
  if (told.join() === expected.join()) return true
  console.error(`${name}\n  expected: ${expected.join(', ') || 'nothing'}\n  told:     ${told.join(', ') || 'nothing'}`)
  return false
}

/** `LEVEL RULE LINE`, each once, in the order of the lines. */
function findingsOf(text: string): readonly string[] {
  const parsed = parseDockerfile(text)
  const lint = parsed.ok ? lintBuilds(buildsOf(parsed.value, {platforms})) : undefined
  const dockerfile = {file: 'Dockerfile', parsed, bases: new Map(), lint}
  const findings = runRules(RULES, {images: [], dockerfiles: [dockerfile], requested: platforms}, new Map())
  const lines = findings.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0))
  return [...new Set(lines.map(({level, rule, line}) => `${level} ${rule} ${line}`))]
}
