import {readCatalogue} from './catalogue.ts'
import {CONTROLS} from './controls.ts'
import {FORMAT} from './format.ts'
import {HELPER} from './helper.ts'
import {LOADER} from './loader.ts'
import {MAIN_BINARY} from './main-binary.ts'
import {NOT_COVERED} from './not-covered.ts'
import {CONFIG, MISSING_PLATFORM, UNRESOLVABLE, WINDOWS} from './publish.ts'
import type {Recipe} from './recipe.ts'
import {SCRIPT} from './script.ts'
import {USERLAND} from './userland.ts'
import {VARIANT} from './variant.ts'

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
]

/** One recipe with what the catalogue says of it. */
export interface Case {
  readonly kind: 'incident' | 'control'
  readonly id: string
  readonly repo: string
  /** As a test is named: `INC-059 projectcalico/cni-plugin (the tag v3.14-ppc64le)`. */
  readonly name: string
  readonly recipe: Recipe
}

/** All that is rebuilt, and what is not, with the reason. */
export interface Suite {
  readonly cases: readonly Case[]
  readonly notCovered: readonly {readonly id: string; readonly repo: string; readonly reason: string}[]
}

/** Joins recipes and catalogue. Throws where an incident has neither a recipe nor a reason, or has both, or a recipe has no incident. */
export function readSuite(): Suite {
  const {incidents, controls} = readCatalogue()
  const cases = [
    ...incidents.flatMap(({id, repo}) => casesOf('incident', id, repo, RECIPES)),
    ...controls.flatMap(({id, repo}) => casesOf('control', id, repo, CONTROLS)),
  ]
  const notCovered = incidents.flatMap(({id, repo}) => {
    const reason = NOT_COVERED[id]
    return reason === undefined ? [] : [{id, repo, reason}]
  })
  const told = [...new Set(cases.map(({id}) => id)), ...notCovered.map(({id}) => id)]
  const known = [...incidents, ...controls].map(({id}) => id)
  const recipes = [...RECIPES, ...CONTROLS].map(({id}) => id)
  const odd = [
    ...known.filter(id => told.filter(one => one === id).length !== 1),
    ...[...recipes, ...Object.keys(NOT_COVERED)].filter(id => !known.includes(id)),
  ]
  if (odd.length > 0) throw new Error(`neither a recipe nor a reason, or both, or no incident: ${odd.join(', ')}`)
  return {cases, notCovered}
}

function casesOf(kind: Case['kind'], id: string, repo: string, recipes: readonly Recipe[]): Case[] {
  return recipes
    .filter(recipe => recipe.id === id)
    .map(recipe => {
      const way = recipe.way === undefined ? '' : ` (${recipe.way})`
      return {kind, id, repo, name: `${id}${id.includes(repo) ? '' : ` ${repo}`}${way}`, recipe}
    })
}
