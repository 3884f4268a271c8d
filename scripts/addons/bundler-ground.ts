import {cp, mkdir, readFile, rm, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {runAny} from '../../e2e/ground/run.ts'

/** The package that is installed in all ways, and where Debian has it. */
const [NAME, VERSION] = ['bcrypt', '3.1.20']
const DEBIAN = 'usr/lib/x86_64-linux-gnu/rubygems-integration/3.3.0'
export const GEM_PLATFORM = 'x86_64-linux-gnu'

/** How a package is installed, and what Bundler is told of it. */
export interface BundleCase {
  /** The platform that its specification says; `unbuilt` is `ruby` without its extension. */
  readonly installed: string
  /** Platforms in Gemfile.lock. */
  readonly locked: readonly string[]
  readonly settings: Readonly<Record<string, string>>
  readonly gemfile: string
  readonly command: readonly string[]
}

/** Where each of these settings has Bundler look. */
const PLACES = [
  {settings: {BUNDLE_PATH: 'vendor/bundle'}, home: 'app/vendor/bundle/ruby/3.3.0'},
  {settings: {BUNDLE_DEPLOYMENT: '1'}, home: 'app/vendor/bundle/ruby/3.3.0'},
  {settings: {GEM_HOME: '/gems'}, home: 'gems'},
  {settings: {GEM_PATH: '/gems:/none', BUNDLE_FROZEN: 'true'}, home: 'gems'},
] as const

/** Every platform, with every lock, in every place; and every way to name and to start it, for some of these. */
export function bundleCases(): readonly BundleCase[] {
  const installed = [
    'ruby',
    'unbuilt',
    'x86_64-linux',
    'x86_64-linux-gnu',
    'x86_64-linux-musl',
    'aarch64-linux',
    'java',
  ]
  const locks = [[], ['x86_64-linux'], ['ruby'], ['x86_64-linux', 'ruby']]
  const gemfile = `gem "${NAME}"\n`
  const command = ['/usr/bin/ruby', '/app/start.rb']
  const cases = installed.flatMap(platform =>
    locks.flatMap(more =>
      PLACES.map(({settings}) => {
        const own = platform === 'unbuilt' ? 'ruby' : platform
        return {installed: platform, locked: [...new Set([own, ...more])], settings, gemfile, command}
      }),
    ),
  )
  const named = [
    {gemfile: `gem "${NAME}", "~> 3.1", require: false\n`},
    {gemfile: `group :web do\n  ${gemfile}end\n`},
    {gemfile: `group :web do\n  ${gemfile}end\n`, settings: {...PLACES[0].settings, BUNDLE_WITHOUT: 'web'}},
    {gemfile, settings: {...PLACES[0].settings, BUNDLE_WITHOUT: 'web'}},
    {gemfile: `gem "${NAME}", platforms: :jruby\n`},
    {gemfile: `gem "${NAME}" if ENV["NONE"]\n`},
    {gemfile, command: ['/usr/bin/bundle', 'exec', 'ruby', '-e', '1']},
    {gemfile, command: ['/usr/bin/bundle', 'exec', 'true']},
    {gemfile, command: ['/app/bin/start']},
    {gemfile, command: ['/usr/bin/ruby', '/app/bare.rb']},
    {
      gemfile,
      settings: {...PLACES[0].settings, RUBYOPT: '-W0 -rbundler/setup'},
      command: ['/usr/bin/ruby', '/app/bare.rb'],
    },
    {gemfile, settings: {...PLACES[0].settings, BUNDLE_GEMFILE: '/app/Gemfile'}},
  ]
  const others = ['x86_64-linux', 'aarch64-linux'].flatMap(platform =>
    named.map(one => ({
      ...{installed: platform, locked: [platform, 'x86_64-linux'], settings: PLACES[0].settings, command},
      ...one,
    })),
  )
  return [...cases, ...others]
}

/** Whether its lock and what is installed of it are not for another machine: what fails then fails on every one. */
export function isForOwnMachine({installed, locked}: BundleCase): boolean {
  const [first = ''] = locked
  return /^(?:ruby|x86_64-linux(?:-gnu)?)$/.test(installed) && /^(?:ruby|x86_64-linux(?:-gnu)?)$/.test(first)
}

/** Lays an application with a Gemfile into a root; gives the natives that the image has of Ruby. */
export async function layOut(root: string, one: BundleCase): Promise<ReadonlyMap<string, 'own' | 'other'>> {
  for (const name of ['app', 'gems']) await rm(join(root, name), {recursive: true, force: true})
  await mkdir(join(root, 'app/bin'), {recursive: true})
  const home = homeOf(one)
  const platform = one.installed === 'unbuilt' ? 'ruby' : one.installed
  const fullName = platform === 'ruby' ? `${NAME}-${VERSION}` : `${NAME}-${VERSION}-${platform}`
  const spec = await readFile(join(root, DEBIAN, 'kept', `${NAME}-${VERSION}.gemspec`), 'utf8')
  const extensions = join(root, DEBIAN, 'extensions', GEM_PLATFORM, '3.3.0', `${NAME}-${VERSION}`)
  await mkdir(join(root, home, 'specifications'), {recursive: true})
  await cp(join(root, DEBIAN, 'gems', `${NAME}-${VERSION}`), join(root, home, 'gems', fullName), {recursive: true})
  const own = platform === 'ruby' ? spec : forPlatform(spec, platform)
  await writeFile(join(root, home, 'specifications', `${fullName}.gemspec`), own)
  if (platform !== 'ruby') await cp(extensions, join(root, home, 'gems', fullName, 'lib'), {recursive: true})
  else {
    // What is built for another machine is in a directory of its own.
    const built = one.installed === 'unbuilt' ? 'aarch64-linux' : GEM_PLATFORM
    await cp(extensions, join(root, home, 'extensions', built, '3.3.0', fullName), {recursive: true})
  }
  await writeFile(join(root, 'app/Gemfile'), `source "https://rubygems.org"\n${one.gemfile}`)
  await writeFile(join(root, 'app/Gemfile.lock'), lockOf(one))
  await writeFile(join(root, 'app/start.rb'), 'require "bundler/setup"\n')
  await writeFile(join(root, 'app/bare.rb'), '')
  const boot = 'ENV["BUNDLE_GEMFILE"] ||= File.expand_path("../Gemfile", __dir__)\nrequire "bundler/setup"\n'
  await writeFile(join(root, 'app/bin/start'), `#!/usr/bin/env ruby\n${boot}`, {mode: 0o755})
  const isOwn = ['ruby', 'x86_64-linux', 'x86_64-linux-gnu', 'x86_64-linux-musl'].includes(one.installed)
  const native =
    platform === 'ruby'
      ? `/${home}/extensions/${one.installed === 'unbuilt' ? 'aarch64-linux' : GEM_PLATFORM}/3.3.0/${fullName}/bcrypt_ext.so`
      : `/${home}/gems/${fullName}/lib/bcrypt_ext.so`
  return new Map([
    ['/usr/lib/x86_64-linux-gnu/ruby/3.3.0/enc/encdb.so', 'own'],
    [native, isOwn ? 'own' : 'other'],
  ])
}

/** Takes the package from where RubyGems would find it, so that only what is laid out is there. */
export async function prepareBundlerRoot(root: string): Promise<void> {
  await mkdir(join(root, DEBIAN, 'kept'), {recursive: true})
  const spec = join(root, DEBIAN, 'specifications', `${NAME}-${VERSION}.gemspec`)
  await cp(spec, join(root, DEBIAN, 'kept', `${NAME}-${VERSION}.gemspec`))
  await rm(spec)
}

/** Starts it for real, without a network; what it says of what goes wrong, or undefined where it ends well. */
export async function startBundled(root: string, {settings, command}: BundleCase): Promise<string | undefined> {
  const script = 'cd /app && exec "$@"'
  const words = ['--net', '/usr/sbin/chroot', root, '/bin/sh', '-c', script, 'sh', ...command]
  const env = {PATH: '/usr/bin', HOME: '/nonexistent', BUNDLE_RETRY: '0', ...settings}
  const {code, stderr} = await runAny('/usr/bin/unshare', words, {env, timeoutMs: 60_000})
  return code === 0 ? undefined : `${code}: ${stderr.trim().split('\n')[0]?.slice(0, 200) ?? ''}`
}

function homeOf({settings}: BundleCase): string {
  const place = PLACES.find(one => Object.entries(one.settings).every(([name, value]) => settings[name] === value))
  return (place ?? PLACES[0]).home
}

/** As a package is that was built for one platform: its specification says so, and no extensions. */
function forPlatform(spec: string, platform: string): string {
  return spec
    .replace(` ${VERSION} ruby lib`, ` ${VERSION} ${platform} lib`)
    .replace(/^# stub: ext.*\n/m, '')
    .replace(/^ *s\.extensions = .*\n/m, '')
    .replace(/^( *s\.version = .*\n)/m, `$1  s.platform = "${platform}".freeze\n`)
}

function lockOf({locked}: BundleCase): string {
  const specs = locked.map(one => `    ${NAME} (${VERSION}${one === 'ruby' ? '' : `-${one}`})\n`).join('')
  const platforms = locked.map(one => `  ${one}\n`).join('')
  return `GEM\n  remote: https://rubygems.org/\n  specs:\n${specs}\nPLATFORMS\n${platforms}\nDEPENDENCIES\n  ${NAME}\n\nBUNDLED WITH\n   2.6.7\n`
}
