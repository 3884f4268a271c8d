import {mkdir} from 'node:fs/promises'
import {join} from 'node:path'
import {cacheFolder} from '../../e2e/ground/cache.ts'
import {check} from '../../src/pipeline/check.ts'
import {DEFAULTS, parseOptions} from '../../src/pipeline/options.ts'
import type {Report, ReportScan} from '../../src/report/report.ts'
import {openLayout} from '../../src/source/layout/layout.ts'
import {withTemporaryFolder} from '../support/temporary-folder.ts'
import {platformOf} from './architectures.ts'
import {type SystemImage, writeLayout} from './layout.ts'

/** What the product says of an image, and how long it took. */
export interface Checked {
  readonly report: Report
  readonly scan: ReportScan
  readonly milliseconds: number
}

/**
 * Checks an image with the whole pipeline as `--scope image` does: one platform, or several in one index. Throws where
 * nothing was scanned; what is given of a scan is the first platform's.
 */
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
      const milliseconds = performance.now() - start
      const scan = report.images[0]?.platforms[0]?.scan
      if (scan === undefined) throw new Error('the report tells of no scan')
      return {report, scan, milliseconds}
    },
    folder,
  )
}

/** Of the files that a scan saw, those that are ELF. */
export function elfFiles({machines}: ReportScan): number {
  return machines.reduce((sum, {machine, count}) => (OTHERS.includes(machine) ? sum : sum + count), 0)
}

const OTHERS = ['Windows', 'Mach-O']
