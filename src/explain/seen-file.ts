import type {PlatformFacts} from '../facts/facts.ts'

/** A file that was seen, by its own path; the layer where the reader knew it. */
export interface SeenFile {
  readonly path: string
  readonly layer?: number
}

/** The file that a path leads to, as it was seen on this platform; undefined where it leads to none. */
export function seenFile(
  {startup, healthcheck, shell, essential, scan}: FilesSeen,
  path: string,
): SeenFile | undefined {
  const steps = [...startup.steps, ...(healthcheck?.steps ?? []), ...(shell?.steps ?? [])]
  const step = steps.find(taken => taken.path === path && taken.node) ?? steps.find(({node}) => node?.path === path)
  const known = step?.node ?? essential.find(file => file.path === path || file.node.path === path)?.node
  if (known !== undefined || scan === undefined) return known
  const {foreign, notPrograms, libraries} = scan
  return [...foreign, ...notPrograms, ...libraries.problems].find(file => file.path === path)
}

type FilesSeen = Pick<PlatformFacts, 'startup' | 'healthcheck' | 'shell' | 'essential' | 'scan'>
