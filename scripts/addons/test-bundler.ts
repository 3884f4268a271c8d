import {join} from 'node:path'
import {imageConfig} from '../../__tests__/support/image-config.ts'
import {runAny} from '../../e2e/ground/run.ts'
import {failsToLoad} from '../../src/addons/addon.ts'
import {findRubyAddons} from '../../src/addons/index.ts'
import {isForPlatform} from '../../src/addons/ruby/gem-platform.ts'
import {readStartup} from '../../src/exec/index.ts'
import {findLoadedPackages} from '../../src/facts/loaded-packages.ts'
import {
  type BundleCase,
  bundleCases,
  isForOwnMachine,
  layOut,
  prepareBundlerRoot,
  startBundled,
} from './bundler-ground.ts'
import {replaceFile, testVariants} from './debian-root.ts'
import {scannedRootfs} from './scanned-rootfs.ts'
import type {Tally} from './tally.ts'

const PACKAGES = ['ruby', 'bundler', 'ruby-bcrypt']

/** Platforms of packages, and `arch` of Rubies: of each pair RubyGems is asked. */
const OF_GEMS =
  'ruby x86_64-linux x86_64-linux-gnu x86_64-linux-musl x86_64-linux-gnux32 x86-linux x86-linux-gnu i686-linux ' +
  'arm-linux arm-linux-gnu arm-linux-musl arm-linux-gnueabihf arm-linux-musleabihf arm64-linux aarch64-linux ' +
  'aarch64-linux-gnu aarch64-linux-musl armv7l-linux armv7l-linux-musleabihf mips64el-linux-gnuabi64 java ' +
  'universal-java universal-darwin x86_64-darwin-22 x86_64-freebsd13 x64-mingw-ucrt'
const OF_RUBIES =
  'x86_64-linux x86_64-linux-gnu x86_64-linux-musl x86_64-linux-gnux32 i686-linux i386-linux-gnu aarch64-linux ' +
  'aarch64-linux-gnu aarch64-linux-musl armv7l-linux-eabihf armv7l-linux-gnueabihf arm-linux-gnueabihf ' +
  'arm-linux-musleabihf armv6-linux-musleabihf mips64el-linux-gnuabi64 powerpc64le-linux s390x-linux-gnu'
const COMPARE = `gems, rubies = ARGV.map(&:split)
rubies.each { |own| gems.each { |gem|
  platform = Gem::Platform.new(gem)
  puts [gem, own, platform == 'ruby' || platform === Gem::Platform.new(own)].join(' ')
} }
`

/** Has the real Bundler set up a Gemfile whose package is installed for this platform and for others. */
export function testBundler(tally: Tally): Promise<void> {
  const variants = [{name: 'Bundler'}]
  return testVariants({kind: 'bundler', packages: PACKAGES, variants}, async root => {
    await comparePlatforms(root, tally)
    await prepareBundlerRoot(root)
    for (const one of bundleCases()) await compareCase(root, one, tally)
    tally.summarize('Ruby, packages of a Gemfile.lock', 'starts')
  })
}

async function comparePlatforms(root: string, tally: Tally): Promise<void> {
  await replaceFile(join(root, 'platforms.rb'), COMPARE)
  const command = [root, '/usr/bin/ruby', '/platforms.rb', OF_GEMS, OF_RUBIES]
  const {stdout} = await runAny('/usr/sbin/chroot', command, {env: {PATH: '/usr/bin', HOME: '/nonexistent'}})
  const lines = stdout.toString().trim().split('\n')
  if (lines.length !== OF_GEMS.split(' ').length * OF_RUBIES.split(' ').length)
    throw new Error(`Ruby said of ${lines.length} pairs of platforms`)
  for (const line of lines) {
    const [gem = '', own = '', real] = line.split(' ')
    if (String(isForPlatform(gem, own, true)) === real) tally.passed += 1
    else tally.fail(`a package for ${gem} under ${own}: RubyGems says ${real}`)
  }
  console.log(`RubyGems: ${lines.length} pairs of platforms`)
}

async function compareCase(root: string, one: BundleCase, tally: Tally): Promise<void> {
  const fits = await layOut(root, one)
  const rootfs = scannedRootfs(root)
  const platform = {os: 'linux', architecture: 'amd64', variant: ''}
  const env = ['PATH=/usr/bin', 'HOME=/nonexistent', ...Object.entries(one.settings).map(pair => pair.join('='))]
  const config = imageConfig({env, workingDir: '/app', entrypoint: [...one.command]})
  const natives = new Map([...fits].map(([path, fit]) => [path, {machine: fit, fit}] as const))
  const settings = new Map(
    env.map(line => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const),
  )
  const addons = await findRubyAddons({natives, files: rootfs, env: settings, workingDir: '/app'})
  const {steps} = await readStartup({config, rootfs, platform})
  const loaded = await findLoadedPackages(steps, {rootfs, volumes: [], env, workingDir: '/app', user: '', addons})
  const said = addons.filter(problem => failsToLoad(problem, loaded))
  const failure = await startBundled(root, one)
  const {installed, locked, gemfile, command} = one
  tally.take({
    about: `${installed}, locked ${locked.join(' ')}, ${env.slice(2).join(' ')}, ${JSON.stringify(gemfile)}: ${command.join(' ')}`,
    said: said.map(problem => problem.package),
    failure,
    unsaid: unsaidOf(one, addons.length > 0),
  })
}

/** Why nothing is said of a failure: it is one on every machine, or it is a warning. */
function unsaidOf(one: BundleCase, isWarned: boolean): string | undefined {
  if (isWarned) return 'bundler: in a group'
  return isForOwnMachine(one) ? 'bundler: locked otherwise' : undefined
}

/** What fails and no error is said of, and why. */
export const BUNDLER_UNSAID: Readonly<Record<string, string>> = {
  'bundler: in a group': 'a Gemfile that names it in a block is a warning: which groups there are is not read',
  'bundler: locked otherwise': 'what is installed is of this platform, and the lock names another one or none',
}
