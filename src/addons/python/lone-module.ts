import type {RootFs} from '../../image/rootfs.ts'
import {baseName, directoryOf} from '../../lib/paths.ts'
import type {AddonProblem} from '../addon.ts'
import {siteOf} from './extension-modules.ts'
import {followImports} from './follow-imports.ts'
import {filesOf, hasSource, outcomeOf, type WrongModule} from './judge-extension.ts'

/**
 * An extension module that stands in no package: `ujson`, `_cffi_backend`, or one of an application beside its scripts.
 * Whoever imports it fails. Of a directory of packages it is needed where its name is one to be imported (`ujson`), or
 * the module of Python that it is the inside of (`_brotli` of `brotli.py`) imports it for
 * certain; elsewhere what starts decides alone.
 */
export async function loneModule(
  wrong: WrongModule,
  files: Pick<RootFs, 'lookup' | 'open'>,
): Promise<AddonProblem | undefined> {
  const {stem} = wrong.module
  if (wrong.taken === undefined && (await hasSource(stem, files))) return undefined
  return {
    language: 'python',
    directory: directoryOf(stem),
    package: baseName(stem),
    wanted: [wrong.wanted],
    outcome: outcomeOf(wrong),
    covers: filesOf(wrong),
    isRequired: false,
    isNeeded: siteOf(stem) !== undefined && (await isNeeded(stem, files)),
    modules: [stem],
  }
}

async function isNeeded(stem: string, files: Pick<RootFs, 'lookup' | 'open'>): Promise<boolean> {
  const name = baseName(stem)
  if (!name.startsWith('_')) return true
  const site = directoryOf(stem)
  const outside = `${site}/${name.replace(/^_+/, '')}`
  const suffixes = [...['.abi3.so', '.so']]
  const imported = await followImports(
    files,
    [`${outside}.py`, `${outside}/__init__.py`],
    {directories: [site], suffixes},
    site,
  )
  return imported.has(stem)
}
