/**
 * What `docker cp [-L] CONTAINER:PATH -` and `docker export CONTAINER` ask the engine for, without the version:
 * https://docs.docker.com/reference/api/engine/ (ContainerArchive, ContainerExport). For `-L` the client first asks
 * where a symlink leads; it is only given with the path of a regular file.
 */
export function streamRequest(args: readonly string[]): string | undefined {
  const [command, named = '', ...rest] = args.filter(word => word !== '-L')
  if (command === 'export' && rest.length === 0) return `/containers/${encodeURIComponent(named)}/export`
  const [, container, path] = /^([0-9a-f]+):(\/.*)$/s.exec(named) ?? []
  if (command !== 'cp' || container === undefined || path === undefined || rest.join() !== '-') return undefined
  return `/containers/${container}/archive?path=${encodeURIComponent(path.toWellFormed())}`
}

/** What `docker image inspect` asks for, and what of the answer it prints: all of it, or the image's id. */
export interface InspectRequest {
  readonly path: string
  readonly printed: 'json' | 'id'
}

const FORMATS: Readonly<Record<string, InspectRequest['printed']>> = {'{{json .}}': 'json', '{{.Id}}': 'id'}

/** ImageInspect of the same, for an image named by a digest or a name; a platform is the client's to choose. */
export function inspectRequest(args: readonly string[]): InspectRequest | undefined {
  const [command, verb, option, format = '', named = '', ...rest] = args
  const printed = Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined
  if (command !== 'image' || verb !== 'inspect' || option !== '--format' || rest.length > 0) return undefined
  return printed !== undefined && /^[\w.:@/-]+$/.test(named) ? {path: `/images/${named}/json`, printed} : undefined
}
