import {gatherImage} from '../../__tests__/support/gather-image.ts'
import {quietRun} from '../../__tests__/support/quiet-run.ts'
import {sourceTree, type Tree} from '../../e2e/support/engine-tree.ts'
import {SourceError, UsageError} from '../../src/errors.ts'
import {readCommand} from '../../src/exec/command.ts'
import type {ImageFacts} from '../../src/facts/facts.ts'
import type {ImageConfig} from '../../src/image/config.ts'
import {parseLocation} from '../../src/image/location.ts'
import {createLimiter} from '../../src/lib/concurrency.ts'
import type {Platform} from '../../src/platform/index.ts'
import type {Finding} from '../../src/rules/finding.ts'
import {RULES} from '../../src/rules/index.ts'
import {runRules} from '../../src/rules/run.ts'
import {imageOpener} from '../../src/source/open.ts'

/** What one of our sources makes of an image: whether it stops, and what it reads where it reads it. */
export interface OurView {
  /** Rules of the errors that an engine would not take the image, or that it may be read otherwise. */
  readonly errors: readonly string[]
  readonly warnings: readonly string[]
  /** What could not be read at all: exit code 3. */
  readonly failure: string | undefined
  readonly processes: readonly OurProcess[]
  /** The files of the first platform, where they were asked for. */
  readonly tree?: Tree
}

/** In the words of `docker inspect`. */
export interface OurProcess {
  readonly argv: readonly string[]
  readonly platform: string
  readonly workingDir: string
  readonly user: string
  readonly env: readonly string[]
  readonly volumes: readonly string[]
  readonly healthcheck: readonly string[]
}

/** What says that an engine takes no such image, or another than we do; of programs other suites tell. */
const OF_MEANING = [
  'ambiguous-document',
  'config-platform-mismatch',
  'index-entry',
  'platform-malformed',
  'platform-missing',
  'platform-unreadable',
  'refused-by-engine',
]

const open = imageOpener(quietRun('meaning'))

/** Reads an image by one of our sources, all of its layers, and judges it. */
export async function viewByUs(
  text: string,
  required: readonly Platform[] | undefined,
  withTree = false,
): Promise<OurView> {
  const location = parseLocation(text)
  if (!location.ok) throw new Error(location.problem)
  const source = await open(location.value, {cache: false, insecureRegistries: []}).catch((thrown: unknown) => thrown)
  if (isExpected(source)) return failed(source)
  if (!isSource(source)) throw source
  try {
    const facts = await gatherImage(source, {required, scope: 'image'}, createLimiter(2))
    const view = viewOf(facts)
    const [entry] = facts.root.entries
    if (!withTree || !entry || view.errors.length > 0) return view
    const image = await source.platformImage(entry)
    return {...view, tree: await sourceTree(image.rootfs).finally(() => image.close())}
  } catch (thrown) {
    if (!isExpected(thrown)) throw thrown
    return failed(thrown)
  } finally {
    await source.close()
  }
}

function viewOf(facts: ImageFacts): OurView {
  const findings = runRules(RULES, {images: [facts]}, new Map())
  const setup = facts.platforms.some(({startup}) =>
    startup.steps.some(({role, obstacle}) => role === 'setup' && obstacle),
  )
  const told = (level: Finding['level']): readonly string[] =>
    findings.flatMap(finding => (finding.level === level && OF_MEANING.includes(finding.rule) ? [finding.rule] : []))
  return {
    errors: [...told('error'), ...(setup ? ['setup'] : [])],
    warnings: told('warning'),
    failure: undefined,
    processes: facts.platforms.flatMap(({config}) => (config ? [processOf(config)] : [])),
  }
}

function processOf(config: ImageConfig): OurProcess {
  const {os, architecture, variant} = config.platform
  return {
    argv: readCommand(config).argv,
    platform: `${os}/${architecture}/${variant}`,
    workingDir: config.workingDir,
    user: config.user,
    env: config.env,
    volumes: config.volumes.toSorted(),
    healthcheck: config.healthcheck ?? [],
  }
}

function failed({message}: Error): OurView {
  return {errors: [], warnings: [], failure: message, processes: []}
}

function isExpected(thrown: unknown): thrown is Error {
  return thrown instanceof SourceError || thrown instanceof UsageError
}

function isSource(value: unknown): value is Awaited<ReturnType<typeof open>> {
  return typeof value === 'object' && value !== null && 'root' in value
}
