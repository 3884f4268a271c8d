import {LIMITS} from '../../lib/limits.ts'
import type {NativeFiles} from '../addon.ts'
import {namesIn, readTextAt} from '../files.ts'
import {builtExtensions, extensionRoots, hasExtensions} from './extension-roots.ts'
import type {RubyRelease} from './ruby-release.ts'

/** A package of RubyGems that has a specification. */
export interface InstalledGem {
  readonly home: string
  /** `nokogiri-1.18.2-x86_64-linux-gnu` */
  readonly fullName: string
  readonly version: string
  /** As its specification says; undefined where that says none. */
  readonly platform: string | undefined
  /** RubyGems and Bundler leave it out: its extensions are not built. */
  readonly isIgnored: boolean
}

export interface GemReader {
  /** Packages of this name in a directory of packages. */
  installed(home: string, name: string): Promise<readonly InstalledGem[]>
  /** Whether Ruby has it itself: json, bigdecimal. */
  isDefault(name: string): Promise<boolean>
}

/** Reads specifications of packages: each directory once. */
export function createGemReader(files: NativeFiles['files'], release: RubyRelease): GemReader {
  const listed = new Map<string, Promise<readonly string[]>>()
  const specifications = (directory: string): Promise<readonly string[]> => {
    const known = listed.get(directory) ?? namesIn(files, directory)
    listed.set(directory, known)
    return known
  }
  const ofName = async (directory: string, name: string): Promise<readonly string[]> =>
    (await specifications(directory)).filter(file => VERSIONED.exec(file)?.[1] === name)
  return {
    async installed(home, name) {
      const found = await ofName(`${home}/specifications`, name)
      return Promise.all(
        found.map(async file => {
          const path = `${home}/specifications/${file}`
          const text = (await readTextAt(files, path, LIMITS['addon-settings-bytes'].most)) ?? ''
          const [, stubName, stubVersion, platform] = STUB.exec(text) ?? []
          const isOwn = stubName === name && stubVersion !== undefined
          const fullName = file.replace(/\.gemspec$/, '')
          const roots = hasExtensions(text) ? extensionRoots(home, release).map(root => `${root}/${fullName}`) : []
          const isIgnored = roots.length > 0 && (await builtExtensions(files, roots)).length === 0
          return {home, fullName, version: stubVersion ?? '', platform: isOwn ? platform : undefined, isIgnored}
        }),
      )
    },
    async isDefault(name) {
      for (const directory of release.gems)
        if ((await ofName(`${directory}/specifications/default`, name)).length > 0) return true
      return false
    },
  }
}

/** The name before the first part that may be a version. */
const VERSIONED = /^(.+?)-[0-9][0-9A-Za-z]*(?:\.[0-9A-Za-z]+)*(?:-.*)?\.gemspec$/
/** `# stub: nokogiri 1.18.2 x86_64-linux-gnu lib`, in the first or second line. */
const STUB = /^(?:#.*\r?\n)?# stub: (\S+) (\S+) (\S+) /
