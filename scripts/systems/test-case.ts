import type {DebianArch} from './architectures.ts'
import type {Case} from './cases.ts'
import {checkImage, resultOf} from './check-system.ts'
import {type Explained, explain, filesOf} from './explained.ts'
import type {SystemLayer} from './layers.ts'
import type {Result} from './page.ts'
import {tell, twinsOf} from './twins.ts'

/** What is wrong with one thing that was checked; nothing where it passed. */
export interface Judged {
  readonly name: string
  readonly problems: readonly string[]
}

/** What came of a case. */
export interface Outcome {
  readonly judged: readonly Judged[]
  /** Of each architecture, where all that was said is explained. */
  readonly results: readonly Result[]
  /** The explanations that it needed. */
  readonly used: readonly Explained[]
}

/** Rules that compare whole platforms: Debian does not have the same programs for each. */
const COMPARING = ['program-parity']

/**
 * Checks a system for its architectures in one index, and a broken twin for each of them: one with a planted
 * file, the next on a wrong base, in turn. `layers` are those of each architecture.
 */
export async function testCase(
  {system, arches, turn}: Case,
  layers: ReadonlyMap<DebianArch, readonly SystemLayer[]>,
  verbose: boolean,
): Promise<Outcome> {
  const {id, entrypoint} = system
  const images = arches.map(arch => ({arch, entrypoint, layers: layers.get(arch) ?? []}))
  const {report} = await checkImage(...images)
  const findings = report.findings.filter(({rule, level}) => level === 'error' || !COMPARING.includes(rule))
  const explained = findings.map(finding => ({finding, by: explain(finding, id)}))
  const problems = [
    ...explained.flatMap(({finding, by}) => (by ? [] : [tellAll(finding, verbose)])),
    ...(report.verdict === 'pass' ? [] : ['the verdict is fail']),
  ]
  const judged: Judged[] = [{name: `${id} ${arches.join(', ')}`, problems}]
  for (const [index, image] of images.entries()) {
    for (const twin of await twinsOf(system, image.arch, image.layers, turn)) {
      // Each way for one of two architectures; the base, which is small, in both.
      if (id !== 'base' && twin.way !== (turn + index) % 2) continue
      const {report: wrong} = await checkImage(twin.image)
      judged.push({
        name: `${id} ${image.arch} ${twin.name}`,
        problems: [...twin.judge(wrong.findings), ...(wrong.verdict === 'fail' ? [] : ['the verdict is pass'])],
      })
    }
  }
  return {
    judged,
    results: arches.map(arch => ({system, arch, ...resultOf({...report, findings}, arch)})),
    used: explained.flatMap(({by}) => by ?? []),
  }
}

function tellAll(finding: Parameters<typeof tell>[0], verbose: boolean): string {
  const files = filesOf(finding)
  const shown = verbose ? files : files.slice(0, 10)
  return [tell(finding), ...(files.length > 1 ? shown : [])].join('\n    ')
}
