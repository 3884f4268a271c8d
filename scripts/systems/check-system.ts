import {mkdir} from 'node:fs/promises'
import {join} from 'node:path'
import {cacheFolder} from '../../e2e/ground/cache.ts'
import {check} from '../../src/pipeline/check.ts'
import {DEFAULTS, parseOptions} from '../../src/pipeline/options.ts'
import type {Report, ReportScan} from '../../src/report/report.ts'
import {platformsOf} from '../../src/rules/finding.ts'
import {openLayout} from '../../src/source/layout/layout.ts'
import {withTemporaryFolder} from '../support/temporary-folder.ts'
import {type DebianArch, platformOf} from './architectures.ts'
import {type SystemImage, writeLayout} from './layout.ts'

/** What the product says of an image, and how long it took. */
export interface Checked {
  readonly report: Report
  readonly milliseconds: number
}

/** Checks an image with the whole pipeline as `--scope image` does: one platform, or several in one index. */
export async function checkImage(...images: readonly SystemImage[]): Promise<Checked> {
  // Beside the layers, so that their blobs can be linked to.
  const folder = join(cacheFolder(), 'systems', 'layouts')
  await mkdir(folder, {recursive: true})
  return withTemporaryFolder(
    'system',
    async directory => {
      await writeLayout(directory, images)
      const start = performance.now()
      const options = parseOptions({
        ...DEFAULTS,
        image: [`oci:${directory}`],
        metadata: '',
        platforms: images.map(({arch}) => platformOf(arch)),
        scope: 'image',
        rules: [],
        ignore: [],
        dockerfile: [],
        baseline: '',
      })
      const report = await check(options, () => openLayout({directory, reference: 'oci:system'}), {version: 'test'})
      return {report, milliseconds: performance.now() - start}
    },
    folder,
  )
}

/** What was said of one platform, and what its scan saw. */
export interface PlatformResult {
  readonly scan: ReportScan
  readonly findings: Report['findings']
}

/** The part of one architecture. Throws where it was not scanned. */
export function resultOf({images, findings}: Report, arch: DebianArch): PlatformResult {
  const name = platformOf(arch)
  const scan = images[0]?.platforms.find(({platform}) => platform === name)?.scan
  if (scan === undefined) throw new Error(`the report tells of no scan of ${name}`)
  return {scan, findings: findings.filter(finding => platformsOf(finding).includes(name))}
}

/** Of the files that a scan saw, those that are ELF. */
export function elfFiles({machines}: ReportScan): number {
  return machines.reduce((sum, {machine, count}) => (OTHERS.includes(machine) ? sum : sum + count), 0)
}

const OTHERS = ['Windows', 'Mach-O']
