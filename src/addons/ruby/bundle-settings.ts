import {LIMITS} from '../../lib/limits.ts'
import type {NativeFiles} from '../addon.ts'
import {fileAt, readTextAt} from '../files.ts'

/** What Bundler is told to do with the Gemfile that it finds. */
export interface Bundle {
  readonly gemfile: string
  readonly lockfile: string
  /** The directory of the Gemfile. */
  readonly root: string
  /** The value of `BUNDLE_NAME`; undefined where nothing sets it. */
  setting(name: string): string | undefined
}

export interface BundleInput {
  readonly files: Pick<NativeFiles['files'], 'lookup' | 'open'>
  readonly env: ReadonlyMap<string, string>
  readonly workingDir: string
}

/**
 * The Gemfile that Bundler finds: what BUNDLE_GEMFILE names, else `gems.rb` or `Gemfile` of the working directory or
 * above it. Its settings are those of `.bundle/config` beside it (BUNDLE_APP_CONFIG), then variables, then the user's.
 * https://bundler.io/man/bundle-config.1.html
 */
export async function findBundle({files, env, workingDir}: BundleInput): Promise<Bundle | undefined> {
  const gemfile = await findGemfile({files, env, workingDir})
  // Newer releases may keep the lock elsewhere.
  if (gemfile === undefined || env.has('BUNDLE_LOCKFILE')) return undefined
  const root = gemfile.replace(/\/[^/]*$/, '') || '/'
  const own = absolute(env.get('BUNDLE_APP_CONFIG') ?? '.bundle', root)
  const ofUser = env.get('BUNDLE_USER_CONFIG') ?? `${env.get('HOME') ?? '/root'}/.bundle/config`
  const isIgnored = env.has('BUNDLE_IGNORE_CONFIG')
  const texts = isIgnored ? [] : [`${own}/config`, ofUser]
  const [local, global] = await Promise.all(
    texts.map(async path => parseSettings((await readTextAt(files, path, LIMITS['addon-settings-bytes'].most)) ?? '')),
  )
  return {
    gemfile,
    lockfile: /\/gems\.rb$/.test(gemfile) ? `${root}/gems.locked` : `${gemfile}.lock`,
    root,
    setting: name => local?.get(`BUNDLE_${name}`) ?? env.get(`BUNDLE_${name}`) ?? global?.get(`BUNDLE_${name}`),
  }
}

/** `Bundler::Settings#to_bool`. */
export function isSet(value: string | undefined): boolean {
  return value !== undefined && !/^(?:false|f|no|n|0|)$/i.test(value)
}

/** A path as File.expand_path gives it. */
export function absolute(path: string, directory: string): string {
  const parts: string[] = []
  for (const part of (path.startsWith('/') ? path : `${directory}/${path}`).split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return `/${parts.join('/')}`
}

async function findGemfile({files, env, workingDir}: BundleInput): Promise<string | undefined> {
  const named = env.get('BUNDLE_GEMFILE') ?? ''
  if (named !== '') {
    const path = absolute(named, workingDir)
    return (await fileAt(files, path)) === undefined ? undefined : path
  }
  const parts = workingDir.split('/').filter(part => part !== '')
  for (let length = parts.length; length >= 0; length -= 1) {
    for (const name of ['gems.rb', 'Gemfile']) {
      const path = `/${[...parts.slice(0, length), name].join('/')}`
      if ((await fileAt(files, path)) !== undefined) return path
    }
  }
  return undefined
}

/** The file that `bundle config` writes: a name and a value in each line, the value quoted. */
function parseSettings(text: string): ReadonlyMap<string, string> {
  const settings = new Map<string, string>()
  for (const line of text.split(/\r?\n/)) {
    const [, name, value = ''] = /^(BUNDLE_[^:\s]+): *(.*?) *$/.exec(line) ?? []
    if (name !== undefined) settings.set(name, value.replace(/^(["'])(.*)\1$/, '$2'))
  }
  return settings
}
