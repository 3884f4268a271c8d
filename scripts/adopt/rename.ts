/** Who the project belongs to: `OWNER/REPO` on GitHub. */
export interface Home {
  readonly owner: string
  readonly repository: string
}

/**
 * Parses `OWNER/REPO`. Undefined where GitHub has no such names: an owner is of letters, digits and single hyphens, at
 * most 39; a repository's name also has dots and underscores, and does not end in `.git`.
 */
export function parseHome(text: string): Home | undefined {
  const [, owner, repository] = /^([a-z\d](?:[a-z\d]|-(?=[a-z\d])){0,38})\/([\w.-]{1,100})$/i.exec(text) ?? []
  if (owner === undefined || repository === undefined) return undefined
  return /^\.{1,2}$|\.git$/i.test(repository) ? undefined : {owner, repository}
}

/** The home that package.json names. Throws where it names none on GitHub. */
export function homeOf({repository}: {readonly repository?: {readonly url?: string}}): Home {
  const [, name = ''] = /^git\+https:\/\/github\.com\/(.+)\.git$/.exec(repository?.url ?? '') ?? []
  const home = parseHome(name)
  if (home === undefined)
    throw new Error('package.json has no repository.url of the form git+https://github.com/OWNER/REPO.git')
  return home
}

/**
 * The text of a file that speaks of another home from now on. A registry's names are in lower case. `@OWNER` is the
 * owner of code, in the one file that names owners: elsewhere it is a scope of packages, or somebody who is mentioned.
 */
export function rehome(path: string, text: string, from: Home, to: Home): string {
  const [before, after] = [from, to].map(({owner, repository}) => `${owner}/${repository}`) as [string, string]
  const renamed = text
    .replaceAll(wholly(`ghcr.io/${before.toLowerCase()}`), `ghcr.io/${after.toLowerCase()}`)
    .replaceAll(wholly(before), after)
  return path === OWNERS ? renamed.replaceAll(wholly(`@${from.owner}`), `@${to.owner}`) : renamed
}

const OWNERS = '.github/CODEOWNERS'

/** The text where it is not part of a longer name. */
function wholly(text: string): RegExp {
  return new RegExp(`(?<![\\w.-])${text.replaceAll(/[.]/g, '\\.')}(?![\\w-]|\\.[\\w-]+/)`, 'g')
}
