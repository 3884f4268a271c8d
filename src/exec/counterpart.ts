import type {RootFs} from '../image/rootfs.ts'
import {ARCHITECTURES, findArchitecture, normalisePlatform, type Platform} from '../platform/index.ts'

/**
 * What the image has in place of a path that is named for another architecture: `/usr/lib/jvm/java-17-arm64` for
 * `/usr/lib/jvm/java-17-amd64`. Only the last component is looked at; undefined where nothing is there.
 */
export async function findCounterpart(rootfs: RootFs, platform: Platform, at: string): Promise<string | undefined> {
  const own = wordsOf(normalisePlatform(platform).architecture)
  const slash = at.lastIndexOf('/')
  const [directory, name] = [at.slice(0, slash + 1), at.slice(slash + 1)]
  for (const foreign of ARCHITECTURES.flatMap(({name: other}) => wordsOf(other))) {
    const start = name.indexOf(foreign)
    const end = start + foreign.length
    if (own.includes(foreign) || start < 0 || isLetter(name[start - 1]) || isLetter(name[end])) continue
    for (const word of own) {
      const path = `${directory}${name.slice(0, start)}${word}${name.slice(end)}`
      if ((await rootfs.lookup(path)).outcome === 'found') return path
    }
  }
  return undefined
}

function wordsOf(architecture: string): readonly string[] {
  return [...new Set([architecture, ...(findArchitecture(architecture)?.words ?? [])])]
}

function isLetter(character: string | undefined): boolean {
  return character !== undefined && /[A-Za-z0-9]/.test(character)
}
