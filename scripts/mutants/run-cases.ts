import {type Case, type Group, groupsOf} from './suite.ts'

/** How a test ended. */
export interface Ended {
  readonly one: Case
  readonly milliseconds: number
  /** Undefined where it passed. */
  readonly failure: string | undefined
}

export interface Watch {
  /** Told of what is run next: a test, or what a group has to do before all of its tests. */
  onTest?(one: Case): void
  onBefore?(group: Group): void
  /** Whether no more is run. */
  isEnough?(ended: Ended): boolean
}

/** Runs tests in their order, with the hooks of their groups as jest has them. */
export async function runCases(cases: readonly Case[], watch: Watch = {}): Promise<readonly Ended[]> {
  const all: Ended[] = []
  const entered: {readonly group: Group; readonly failure: string | undefined}[] = []
  const leaveTo = async (depth: number): Promise<void> => {
    for (const {group} of entered.splice(depth).reverse()) await failureOf(group.after)
  }
  for (const one of cases) {
    const path = groupsOf(one)
    const common = path.findIndex((group, at) => entered[at]?.group !== group)
    await leaveTo(common < 0 ? path.length : common)
    for (const group of path.slice(entered.length)) {
      watch.onBefore?.(group)
      entered.push({group, failure: await failureOf(group.before)})
    }
    watch.onTest?.(one)
    const start = performance.now()
    const failure = entered.find(({failure}) => failure !== undefined)?.failure ?? (await runCase(one, path))
    const ended = {one, milliseconds: performance.now() - start, failure}
    all.push(ended)
    if (watch.isEnough?.(ended)) break
  }
  await leaveTo(0)
  return all
}

async function runCase(one: Case, path: readonly Group[]): Promise<string | undefined> {
  const failure = await failureOf([...path.flatMap(group => group.beforeEach), one.body])
  return failure ?? (await failureOf(path.toReversed().flatMap(group => group.afterEach)))
}

async function failureOf(bodies: readonly (() => unknown)[]): Promise<string | undefined> {
  try {
    for (const body of bodies) await body()
    return undefined
  } catch (thrown) {
    return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown)
  }
}
