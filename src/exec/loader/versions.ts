import type {Process} from '../resolved-path.ts'
import type {LoadedObject} from './object.ts'
import type {LoaderObstacle} from './obstacle.ts'

/**
 * Symbol versions that a loaded library should define and does not: glibc elf/dl-version.c
 * _dl_check_map_versions. Every object is checked; a provider without any version definition satisfies all,
 * and a weak need is none. Exit code 1.
 */
export function findMissingVersions(loaded: readonly LoadedObject[], process: Process): readonly LoaderObstacle[] {
  const argv0 = process.argv[0] ?? ''
  return loaded.flatMap(requester =>
    requester.dynamic.versionNeeds.flatMap(({file, versions}): LoaderObstacle[] => {
      const provider = loaded.find(object => object.name === file || object.dynamic.soname === file)
      const defined = provider?.dynamic.versionDefinitions
      if (!provider || !defined) return []
      const missing = versions.filter(({name, weak}) => !weak && !defined.includes(name)).map(({name}) => name)
      const [first] = missing
      if (first === undefined) return []
      const requiredBy = requester.loader ? requester.path : argv0
      const message = `${argv0}: ${provider.path}: version \`${first}' not found (required by ${requiredBy})`
      return [
        {
          kind: 'missing-version',
          library: file,
          neededBy: requester.path,
          versions: missing,
          provider: provider.path,
          exitCode: 1,
          message,
        },
      ]
    }),
  )
}
