import {rename, rm} from 'node:fs/promises'
import {join} from 'node:path'
import {imageConfig} from '../../__tests__/support/image-config.ts'
import {runAny} from '../../e2e/ground/run.ts'
import {failsToLoad, followRequires, rubyPath} from '../../src/addons/index.ts'
import {scanImage} from '../../src/scan/index.ts'
import {copyDirectory, filesBelow, type RootVariant, replaceBy, replaceFile, testVariants} from './debian-root.ts'
import {RUBY_PACKAGES, RUBY_UNSAID} from './ruby-packages.ts'
import {scannedRootfs} from './scanned-rootfs.ts'
import type {Tally} from './tally.ts'

const GEMS = 'usr/lib/x86_64-linux-gnu/rubygems-integration/3.3.0'
const OTHER_GEMS = GEMS.replace('x86_64', 'aarch64')
const START = '/start.rb'

/** Requires each feature in a process of its own, which costs less than to start Ruby for each. */
const REQUIRE_ALL = `ARGV.each do |feature|
  pid = fork do
    require feature
    exit!(0)
  rescue Exception
    exit!(1)
  end
  Process.wait(pid)
  puts feature unless $?.success?
end
puts 'end'
`

const VARIANTS: readonly RootVariant[] = [
  {name: 'installed on the platform'},
  {
    name: 'packages of another machine',
    change: (root, other) => copyDirectory(join(other, OTHER_GEMS), join(root, GEMS)),
  },
  {
    name: 'extensions for another machine beside the own',
    change: (root, other) =>
      copyDirectory(join(other, OTHER_GEMS, 'extensions'), join(root, GEMS, 'extensions/aarch64-linux-gnu')),
  },
  {
    name: 'extensions of another machine in their directory',
    change: async (root, other) => {
      const [foreign = ''] = await filesBelow(join(other, OTHER_GEMS), '.so')
      await replaceBy(foreign, await filesBelow(join(root, GEMS), '.so'))
    },
  },
  {
    name: 'modules of another machine in vendor_ruby',
    change: async (root, other) => {
      const [foreign = ''] = await filesBelow(join(other, OTHER_GEMS), '.so')
      await replaceBy(foreign, await filesBelow(join(root, 'usr/lib/x86_64-linux-gnu/ruby/vendor_ruby'), '.so'))
    },
  },
  {
    name: 'for another release of the ABI',
    change: root => {
      const platform = join(root, GEMS, 'extensions/x86_64-linux-gnu')
      return rename(join(platform, '3.3.0'), join(platform, '3.2.0'))
    },
  },
  {
    name: 'in the directory of packages for another release',
    change: root => rename(join(root, GEMS), join(root, GEMS.replace('3.3.0', '3.2.0'))),
  },
  {
    name: 'for musl',
    change: root =>
      rename(join(root, GEMS, 'extensions/x86_64-linux-gnu'), join(root, GEMS, 'extensions/x86_64-linux-musl')),
  },
  {
    name: 'whose build was not completed',
    change: async root => {
      for (const path of await filesBelow(join(root, GEMS), 'gem.build_complete')) await rm(path)
    },
  },
]

/** Has the real Ruby require packages of Debian, as they are and as they should not be. */
export function testRuby(tally: Tally): Promise<void> {
  const packages = ['ruby', ...Object.keys(RUBY_PACKAGES)]
  return testVariants({kind: 'ruby', packages, variants: VARIANTS}, (root, variant) =>
    testVariant(root, variant, tally),
  )
}

async function testVariant(root: string, variant: string, tally: Tally): Promise<void> {
  const rootfs = scannedRootfs(root)
  const platform = {os: 'linux', architecture: 'amd64', variant: ''}
  const {addons} = await scanImage({rootfs, platform, config: imageConfig({env: ['PATH=/usr/bin']}), ignore: []})
  await replaceFile(join(root, '/all.rb'), REQUIRE_ALL)
  const command = [root, '/usr/bin/ruby', '/all.rb', ...Object.values(RUBY_PACKAGES)]
  const {stdout} = await runAny('/usr/sbin/chroot', command, {env: {PATH: '/usr/bin', HOME: '/nonexistent'}})
  const failures = stdout.toString().trim().split('\n')
  if (failures.at(-1) !== 'end') throw new Error(`Ruby did not come to the end: ${stdout}`)
  for (const [name, feature] of Object.entries(RUBY_PACKAGES)) {
    await replaceFile(join(root, START), `require '${feature}'\n`)
    const stems = await followRequires(rootfs, [START], rubyPath(addons))
    const said = addons.filter(one => failsToLoad(one, stems))
    const failure = failures.includes(feature) ? 'require fails' : undefined
    tally.take({
      about: `${name} (require '${feature}'), ${variant}`,
      said: said.map(one => one.package),
      failure,
      unsaid: RUBY_UNSAID[feature] === undefined ? undefined : feature,
    })
  }
  tally.summarize(`Ruby, ${variant}`)
}
