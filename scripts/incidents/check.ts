import {rm} from 'node:fs/promises'
import {join} from 'node:path'
import type {Scope} from '../../src/facts/scope.ts'
import {check} from '../../src/pipeline/check.ts'
import {DEFAULTS, parseOptions} from '../../src/pipeline/options.ts'
import type {Report} from '../../src/report/report.ts'
import {openLayout} from '../../src/source/layout/layout.ts'
import {buildLayout} from '../support/layout-builder.ts'
import type {Scene} from './recipe.ts'

/** A scene on disk, ready to be checked. */
export interface BuiltScene {
  /** Of each image: what a registry would call it. */
  readonly digests: readonly string[]
  /** The whole pipeline over it, with the options that a user would write. */
  check(scope: Scope): Promise<Report>
}

/** Builds the images of a scene as layouts under `directory`. */
export async function buildScene(scene: Scene, directory: string): Promise<BuiltScene> {
  const locations = scene.images.map((_, index) => `oci:${join(directory, `image-${index}`)}`)
  const digests: string[] = []
  for (const [index, image] of scene.images.entries()) {
    const at = join(directory, `image-${index}`)
    const {manifests, roots} = buildLayout(at, image)
    digests.push(...roots.map(({digest}) => digest))
    if (!scene.lacksManifests) continue
    for (const {digest} of manifests.flat()) await rm(join(at, 'blobs', ...digest.split(':')))
  }
  const before = join(directory, 'baseline')
  if (scene.baseline) buildLayout(before, scene.baseline)
  const options = (scope: Scope) =>
    parseOptions({
      ...DEFAULTS,
      scope,
      image: locations,
      metadata: '',
      ignore: [],
      dockerfile: [],
      platforms: scene.platforms ?? [],
      rules: [],
      baseline: scene.baseline ? `oci:${before}` : '',
    })
  return {
    digests,
    check: scope =>
      check(
        options(scope),
        async location => {
          if (location.transport !== 'oci') throw new Error(`${location.text} is no layout`)
          return openLayout({reference: location.text, directory: location.path})
        },
        {version: 'test'},
      ),
  }
}
