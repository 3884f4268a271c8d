import {isObject} from '../lib/is-object.ts'
import {formatPath, type Path, type YamlDocument} from '../lib/yaml.ts'
import type {Inventory, LeftOut, NamedImage} from './inventory.ts'

/** Whether a mapping is an object of Kubernetes' API: every one has its type (API conventions, "Types (Kinds)"). */
export function isKubernetesObject(value: Readonly<Record<string, unknown>>): boolean {
  return typeof value.apiVersion === 'string' && typeof value.kind === 'string'
}

/**
 * Whose `image` a kubelet pulls and starts, wherever they stand: the containers of a PodSpec (core/v1), the steps and
 * sidecars of a Tekton task, the templates of an Argo workflow.
 */
const LISTS_OF_CONTAINERS = ['containers', 'initContainers', 'ephemeralContainers', 'steps', 'sidecars']
const CONTAINERS = ['container', 'script', 'stepTemplate']

/** What is data, not a part of the object: nothing in it is started. */
const DATA = ['metadata', 'data', 'stringData', 'binaryData', 'status']

/**
 * The images of an object of Kubernetes, a list of objects included. Another `image` that is a text, as custom
 * resources have, is left out, since only its operator knows what it does with it.
 */
export function readKubernetes(object: Readonly<Record<string, unknown>>, {placeOf}: YamlDocument): Inventory {
  const images: NamedImage[] = []
  const leftOut: LeftOut[] = []
  const visit = (value: unknown, path: Path, owner: string): void => {
    if (Array.isArray(value)) {
      for (const [index, entry] of value.entries()) visit(entry, [...path, index], owner)
      return
    }
    if (!isObject(value)) return
    const named = isKubernetesObject(value) ? nameOf(value) : owner
    for (const [key, entry] of Object.entries(value)) {
      const at = [...path, key]
      // `metadata` and its likes are those of an object, not a field of that name somewhere in it.
      if (DATA.includes(key) && isKubernetesObject(value)) continue
      if (key === 'image' && typeof entry === 'string') {
        if (isContainer(path)) images.push({text: entry, place: placeOf(at)})
        else leftOut.push({place: placeOf(at), what: `${formatPath(at)} of ${named} is not a container's image`})
      } else if (key === 'image' && isObject(entry) && path.at(-2) === 'volumes') {
        // An image volume: `image: {reference: …}`. It is mounted, not started.
        leftOut.push({
          place: placeOf(at),
          what: `${formatPath(at)} of ${named} is a volume: nothing of it is started by name`,
        })
      } else visit(entry, at, named)
    }
  }
  visit(object, [], '')
  return {images, leftOut}
}

function isContainer(path: Path): boolean {
  const [list, last] = [path.at(-2), path.at(-1)]
  return typeof last === 'number' ? LISTS_OF_CONTAINERS.includes(String(list)) : CONTAINERS.includes(String(last))
}

function nameOf({kind, metadata}: Readonly<Record<string, unknown>>): string {
  const name = isObject(metadata) ? metadata.name : undefined
  return typeof name === 'string' ? `${String(kind)}/${name}` : String(kind)
}
