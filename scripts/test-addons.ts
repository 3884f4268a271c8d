import {parseArgs} from 'node:util'
import {settleAll} from '../src/lib/cleanup.ts'
import {createLimiter} from '../src/lib/concurrency.ts'
import {JAVA_UNSAID} from './addons/java-packages.ts'
import {emulatedNode, ownNode} from './addons/node-ground.ts'
import {NOT_MODELLED} from './addons/node-packages.ts'
import {PERL_UNSAID} from './addons/perl-packages.ts'
import {PYTHON_UNSAID} from './addons/python-packages.ts'
import {RUBY_UNSAID} from './addons/ruby-packages.ts'
import {Tally} from './addons/tally.ts'
import {BUNDLER_UNSAID, testBundler} from './addons/test-bundler.ts'
import {testErlang} from './addons/test-erlang.ts'
import {testHttpd} from './addons/test-httpd.ts'
import {testJava} from './addons/test-java.ts'
import {testLua} from './addons/test-lua.ts'
import {testNginx} from './addons/test-nginx.ts'
import {testNode} from './addons/test-node.ts'
import {testPerl} from './addons/test-perl.ts'
import {testPhp} from './addons/test-php.ts'
import {testPostgresql} from './addons/test-postgresql.ts'
import {testPython, testPythonPlaces} from './addons/test-python.ts'
import {testR} from './addons/test-r.ts'
import {testRuby} from './addons/test-ruby.ts'
import {testYarn} from './addons/test-yarn.ts'

/*
 * npm run test:addons [-- --only NAME,NAME | --sample N --seed S] (those of SUITES)
 *
 * Real packages with native code, of npm and Debian, as they are installed for the platform and for others, and changed
 * as it happens in images; each is loaded by a real interpreter: on amd64 natively, and where it is named, Node for
 * arm64 in QEMU. What is said of a script that loads a package must be so. Where a package fails and nothing is said,
 * it must be one of which node-packages.ts, python-packages.ts or java-packages.ts say why; and each of those must be
 * needed, where all are tried and not one suite in N. Needs root (chroot) and amd64; exit code 2 where it cannot run.
 */

const SUITES: Readonly<Record<string, (tally: Tally) => Promise<void>>> = {
  'node-amd64': async tally => testNode(await ownNode(), tally),
  'node-arm64': async tally => testNode(await emulatedNode(), tally),
  'yarn-amd64': testYarn,
  'python-amd64': testPython,
  'python-places': testPythonPlaces,
  'java-amd64': testJava,
  'ruby-amd64': testRuby,
  'bundler-amd64': testBundler,
  'php-amd64': testPhp,
  'perl-amd64': testPerl,
  'postgresql-amd64': testPostgresql,
  'erlang-amd64': testErlang,
  'r-amd64': testR,
  'lua-amd64': testLua,
  'nginx-amd64': testNginx,
  'httpd-amd64': testHttpd,
}

/** Suites that run side by side: each waits for its interpreter half of the time. */
const AT_ONCE = 2

const {values} = parseArgs({
  options: {only: {type: 'string'}, sample: {type: 'string', default: '1'}, seed: {type: 'string', default: '1'}},
})
/** Without QEMU, in which each package takes seconds, and without what is many times the same packages. */
const UNUSUAL = ['node-arm64', 'python-places']
const USUAL = Object.keys(SUITES).filter(name => !UNUSUAL.includes(name))
process.exitCode = await main(values.only?.split(',') ?? sampleOf(USUAL))

/** Every N-th of the suites, the first one by the seed. */
function sampleOf(names: readonly string[]): readonly string[] {
  const [step, seed] = [Number(values.sample), Number(values.seed)]
  return names.filter((_, index) => (index + seed) % step === 0)
}

async function main(names: readonly string[]): Promise<number> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    console.error('test:addons cannot run here: it is made for amd64')
    return 2
  }
  const limiter = createLimiter(AT_ONCE)
  const tallies = await settleAll(names.map(name => limiter(() => tallyOf(name))))
  const unsaid = tallies.flatMap(tally => tally.unsaid)
  const passed = tallies.reduce((sum, tally) => sum + tally.passed, 0)
  let failed = tallies.reduce((sum, tally) => sum + tally.failed, 0)
  if (USUAL.every(name => names.includes(name))) {
    const known = [NOT_MODELLED, PYTHON_UNSAID, JAVA_UNSAID, RUBY_UNSAID, BUNDLER_UNSAID, PERL_UNSAID].flatMap(one =>
      Object.keys(one),
    )
    for (const name of known.filter(one => !unsaid.includes(one))) {
      console.log(`FAILED ${name} needs no explanation`)
      failed += 1
    }
  }
  console.log(
    `test:addons: ${passed} passed, ${failed} failed; nothing is said of ${unsaid.length} failures, as is known`,
  )
  return failed === 0 && passed > 0 ? 0 : 1
}

async function tallyOf(name: string): Promise<Tally> {
  const suite = SUITES[name]
  if (suite === undefined) throw new Error(`there is no suite ${name}`)
  const tally = new Tally()
  await suite(tally)
  return tally
}
