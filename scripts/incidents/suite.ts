import {ARCHIVE} from './archive.ts'
import {readCatalogue} from './catalogue.ts'
import {CONTROLS} from './controls.ts'
import {DOCKERFILES, type DockerfileRecipe} from './dockerfiles.ts'
import {FORMAT} from './format.ts'
import {HELPER} from './helper.ts'
import {LOADER} from './loader.ts'
import {MAIN_BINARY} from './main-binary.ts'
import {CONFIG, MISSING_PLATFORM, UNRESOLVABLE, WINDOWS} from './publish.ts'
import type {Recipe} from './recipe.ts'
import {SCRIPT} from './script.ts'
import {UNSEEN} from './unseen.ts'
import {USERLAND} from './userland.ts'
import {VARIANT} from './variant.ts'
import {WHOLE_IMAGE} from './whole-image.ts'

const RECIPES = [
  ...MAIN_BINARY,
  ...USERLAND,
  ...HELPER,
  ...VARIANT,
  ...LOADER,
  ...SCRIPT,
  ...FORMAT,
  ...MISSING_PLATFORM,
  ...UNRESOLVABLE,
  ...CONFIG,
  ...WINDOWS,
  ...WHOLE_IMAGE,
  ...ARCHIVE,
  ...UNSEEN,
]

/** One recipe with what the catalogue says of it. */
export interface Case {
  readonly kind: 'incident' | 'control'
  readonly id: string
  readonly repo: string
  /** As a test is named: `INC-059 projectcalico/cni-plugin (the tag v3.14-ppc64le)`. */
  readonly name: string
  readonly recipe: Recipe
  /** The Dockerfile that it came from, where the thread tells the line. */
  readonly dockerfile?: DockerfileRecipe
}

export interface Suite {
  /** In the order of the catalogue, the controls last. */
  readonly cases: readonly Case[]
}

/**
 * Joins recipes and catalogue. Throws where an incident or a control has no recipe, a recipe no incident,
 * or one finds nothing and says not why.
 */
export function readSuite(): Suite {
  const {incidents, controls} = readCatalogue()
  const cases = [
    ...incidents.flatMap(({id, repo}) => casesOf('incident', id, repo, RECIPES)),
    ...controls.flatMap(({id, repo}) => casesOf('control', id, repo, CONTROLS)),
  ]
  const known = [...incidents, ...controls].map(({id}) => id)
  const recipes = [...RECIPES, ...CONTROLS]
  const odd = [
    ...known.filter(id => !cases.some(one => one.id === id)),
    ...recipes.filter(({id}) => !known.includes(id)).map(({id}) => id),
    ...DOCKERFILES.filter(({id}) => cases.filter(one => one.id === id).length !== 1).map(({id}) => id),
    ...recipes.filter(({finds, unseen}) => (finds.length === 0) !== (unseen !== undefined)).map(({id}) => id),
  ]
  if (odd.length > 0) throw new Error(`no recipe, or no incident, or neither findings nor a reason: ${odd.join(', ')}`)
  return {cases}
}

function casesOf(kind: Case['kind'], id: string, repo: string, recipes: readonly Recipe[]): Case[] {
  return recipes
    .filter(recipe => recipe.id === id)
    .map(recipe => {
      const way = recipe.way === undefined ? '' : ` (${recipe.way})`
      const dockerfile = DOCKERFILES.find(one => one.id === id)
      return {
        kind,
        id,
        repo,
        ...(dockerfile ? {dockerfile} : {}),
        name: `${id}${id.includes(repo) ? '' : ` ${repo}`}${way}`,
        recipe,
      }
    })
}
