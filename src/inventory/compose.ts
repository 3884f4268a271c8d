import {isObject} from '../lib/is-object.ts'
import {fail, ok, type Result} from '../lib/result.ts'
import type {YamlDocument} from '../lib/yaml.ts'
import type {Inventory, LeftOut, NamedImage} from './inventory.ts'

/** Whether a mapping is a compose file (compose-spec, "Services top-level elements"). */
export function isComposeFile(value: Readonly<Record<string, unknown>>): boolean {
  return isObject(value.services)
}

/**
 * The images of the services of a compose file. Its variables are those of the shell that runs `docker compose`, so
 * none is guessed: the file has to be the one that `docker compose config` prints.
 */
export function readCompose({services}: Readonly<Record<string, unknown>>, {placeOf}: YamlDocument): Result<Inventory> {
  const images: NamedImage[] = []
  const leftOut: LeftOut[] = []
  for (const [name, service] of Object.entries(isObject(services) ? services : {})) {
    const path = ['services', name, 'image']
    const place = placeOf(path)
    const image = isObject(service) ? service.image : undefined
    if (image === undefined || image === null) {
      const why = isObject(service) && service.build !== undefined ? ', only a build' : ''
      leftOut.push({place, what: `services.${name} has no image${why}`})
    } else if (typeof image !== 'string') {
      return fail(`${place}: services.${name}.image: expected a reference, got ${JSON.stringify(image)}`)
    } else if (/\$/.test(image)) {
      return fail(
        `${place}: services.${name}.image: ${JSON.stringify(image)} has a variable; give what docker compose config prints`,
      )
    } else images.push({text: image, place})
  }
  return ok({images, leftOut})
}
