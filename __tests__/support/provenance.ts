import {readFileSync} from 'node:fs'
import type {Digest} from '../../src/image/digest.ts'
import {type Provenance, parseStatement} from '../../src/provenance/index.ts'

/** The manifest that the fixtures `app-…` are about. */
export const APP = 'sha256:f09d843acc9b7c9a67e69a6c360fba14a27c384fc1ca41d4762e23471d2821eb' as Digest
/** That of `link-max-v1`. */
export const LINK = 'sha256:ef4ab2672ed94ff9c7e1a144f9fbc72ac08514aab97bfe50a2a3b17a781a8022' as Digest
/** Of the base of both. */
export const BASE = 'sha256:5aad8520f8e6c0cc01af39557280a71eb6386c88cce547bee5283d293cd9efc8' as Digest

/** The layers of the manifests that the fixtures are about: six of the base, then those of the build. */
const BASE_LAYERS = ['92a2e1ce', '7b051860', 'db78aa30', 'f24f6f0b', '35c04c14', '957800aa']

/** One of the fixtures, as it was pushed. */
export function readStatement(name: string): Uint8Array {
  return readFileSync(new URL(`../provenance/fixtures/${name}.json.txt`, import.meta.url))
}

/** One of the fixtures, read. */
export function readFixture(name: string): Provenance {
  const parsed = parseStatement(readStatement(name), name.startsWith('app') ? APP : LINK)
  if (!parsed.ok) throw new Error(`${name}: ${parsed.problem}`)
  return parsed.value
}

/** The layers of the image that a fixture is about, as its longest chain has them. */
export function layersOf({steps}: Provenance): readonly Digest[] {
  const chains = steps.flatMap(step => step.chains).toSorted((a, b) => b.length - a.length)
  const [longest = []] = chains
  if (!BASE_LAYERS.every((start, index) => longest[index]?.startsWith(`sha256:${start}`))) throw new Error('no layers')
  // The fixtures have well formed digests.
  return longest as readonly Digest[]
}
