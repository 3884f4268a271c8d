// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are execline scripts
import {describe, expect, test} from '@jest/globals'
import {executable, type MemoryTree} from '../../support/memory-rootfs.ts'
import {arm64, followServices, native} from './follow-services.ts'
import {OVERLAY_3} from './overlay-trees.ts'

// Definitions of services as s6-rc-compile takes or refuses them, and what s6-overlay makes of its variables:
// https://skarnet.org/software/s6-rc/s6-rc-compile.html and the README of s6-overlay. Each walk is held to
// ../golden/overlay-definitions.txt, the words of what is refused too.

const HOME = '/package/admin/s6-overlay-3.2'
const SOURCE = '/etc/s6-overlay/s6-rc.d'

const follow = (files: MemoryTree, env: Readonly<Record<string, string>> = {}, command: readonly string[] = ['/app']) =>
  followServices(
    ['/init', ...command],
    {...OVERLAY_3, '/app': native, '/arm': arm64, ...files},
    {
      PATH: '/command:/bin:/usr/bin',
      ...env,
    },
  )

const script = (text: string) => executable(`#!/bin/sh\n${text}\n`)
const run = (name: string) => script(`exec /arm ${name}`)

/** Definitions by `NAME/FILE`; each is in the bundle of the user. */
function defined(files: MemoryTree, listed?: readonly string[]): MemoryTree {
  const names = listed ?? [...new Set(Object.keys(files).map(path => path.split('/')[0] ?? ''))]
  return {
    ...Object.fromEntries(Object.entries(files).map(([path, entry]) => [`${SOURCE}/${path}`, entry])),
    ...Object.fromEntries(names.map(name => [`${SOURCE}/user/contents.d/${name}`, ''])),
  }
}

const longrun = (name: string, more: MemoryTree = {}): MemoryTree => ({
  [`${name}/type`]: 'longrun\n',
  [`${name}/run`]: run(name),
  ...Object.fromEntries(Object.entries(more).map(([path, entry]) => [`${name}/${path}`, entry])),
})
const oneshot = (name: string, up: string, more: MemoryTree = {}): MemoryTree => ({
  [`${name}/type`]: 'oneshot\n',
  [`${name}/up`]: up,
  ...Object.fromEntries(Object.entries(more).map(([path, entry]) => [`${name}/${path}`, entry])),
})

describe('definitions', () => {
  test.each<[string, MemoryTree]>([
    ['a longrun', longrun('a')],
    ['with data, env and a finish', longrun('a', {'data/x': 'x', 'env/A': '1', finish: script('exec /arm end')})],
    ['without an execute bit', longrun('a', {run: '#!/bin/sh\nexec /arm a\n'})],
    ['of execline', longrun('a', {run: executable('#!/command/execlineb -P\n/arm a\n')})],
    ['a type without a line end', longrun('a', {type: 'longrun'})],
    ['a oneshot', oneshot('a', '/arm once\n')],
    ['a oneshot with quotes', oneshot('a', '/arm "a b" c # comment\n')],
    ['a oneshot of several words', oneshot('a', 'foreground { /app one }\n/arm two\n')],
    ['a oneshot of nothing', oneshot('a', '\n# nothing\n')],
    ['a oneshot with a variable', oneshot('a', 'importas x PATH /arm $x\n')],
    ['a oneshot without up', {'a/type': 'oneshot\n'}],
    ['a oneshot whose quote does not end', oneshot('a', '/arm "x\n')],
    ['a oneshot that is not there', oneshot('a', '/none\n')],
    ['a longrun without run', {'a/type': 'longrun\n'}],
    ['no type', {'a/run': run('a')}],
    ['another type', longrun('a', {type: 'daemon\n'})],
    ['a bundle', {...longrun('a'), 'b/type': 'bundle\n', 'b/contents.d/a': ''}],
    ['a bundle as a file', {...longrun('a'), 'b/type': 'bundle\n', 'b/contents': '# own\n  a\n\n'}],
    ['a bundle of nothing', {'b/type': 'bundle\n'}],
    ['a bundle of what is missing', {'b/type': 'bundle\n', 'b/contents.d/none': ''}],
    ['bundles in a circle', {'b/type': 'bundle\n', 'b/contents.d/c': '', 'c/type': 'bundle\n', 'c/contents.d/b': ''}],
    ['dependencies', {...longrun('b'), ...longrun('a', {'dependencies.d/b': ''})}],
    ['dependencies as a file', {...longrun('b'), ...longrun('a', {dependencies: 'b\n# c\n \tbase\n'})}],
    ['dependencies on a bundle', {...longrun('a', {'dependencies.d/base': ''})}],
    ['dependencies on what is missing', longrun('a', {'dependencies.d/none': ''})],
    [
      'dependencies in a circle',
      {...longrun('b', {'dependencies.d/a': ''}), ...longrun('a', {'dependencies.d/b': ''})},
    ],
    ['dependencies on itself', longrun('a', {'dependencies.d/a': ''})],
    ['a oneshot that fails before it', {...oneshot('b', '/arm\n'), ...longrun('a', {'dependencies.d/b': ''})}],
    ['one that starts with a dot', longrun('.a')],
  ])('%s', async (_, files) => {
    expect(await follow(defined(files))).not.toEqual([])
  })

  test.each<[string, MemoryTree]>([
    ['a pipeline', {...longrun('a', {'producer-for': 'b\n'}), ...longrun('b', {'consumer-for': 'a\n'})}],
    [
      'a pipeline of three with a name',
      {
        ...longrun('a', {'producer-for': 'b\n'}),
        ...longrun('b', {'consumer-for': 'a\n', 'producer-for': 'c\n'}),
        ...longrun('c', {'consumer-for': 'b\n', 'pipeline-name': 'p\n', finish: script('exec /arm end')}),
      },
    ],
    [
      'two producers',
      {
        ...longrun('a', {'producer-for': 'c'}),
        ...longrun('b', {'producer-for': 'c'}),
        ...longrun('c', {'consumer-for': 'a\nb\n'}),
      },
    ],
    ['a producer for nobody', longrun('a', {'producer-for': 'none\n'})],
    ['a producer for who does not consume', {...longrun('a', {'producer-for': 'b\n'}), ...longrun('b')}],
    ['a producer for a oneshot', {...longrun('a', {'producer-for': 'b\n'}), ...oneshot('b', '/app\n')}],
    ['a producer for two', {...longrun('a', {'producer-for': 'b\nc\n'}), ...longrun('b'), ...longrun('c')}],
    ['a producer for no name', longrun('a', {'producer-for': '\n# none\n'})],
    ['a consumer of who does not produce', {...longrun('a'), ...longrun('b', {'consumer-for': 'a\n'})}],
    ['a consumer of nobody', longrun('b', {'consumer-for': 'none\n'})],
    ['a consumer of a oneshot', {...oneshot('a', '/app\n'), ...longrun('b', {'consumer-for': 'a\n'})}],
    ['a name where no pipeline ends', longrun('a', {'pipeline-name': 'p\n'})],
    [
      'a name that a service has',
      {
        ...longrun('a', {'producer-for': 'b\n'}),
        ...longrun('b', {'consumer-for': 'a\n', 'pipeline-name': 'a\n'}),
      },
    ],
  ])('%s', async (_, files) => {
    expect(await follow(defined(files))).not.toEqual([])
  })

  test.each<[string, MemoryTree, readonly string[]]>([
    ['one that no bundle has', longrun('a'), []],
    ['one that is not defined', {}, ['none']],
    ['one that another one needs', {...longrun('b'), ...longrun('a', {'dependencies.d/b': ''})}, ['a']],
    ['one of a pipeline', {...longrun('a', {'producer-for': 'b\n'}), ...longrun('b', {'consumer-for': 'a\n'})}, ['b']],
  ])('%s', async (_, files, listed) => {
    expect(await follow(defined(files, listed))).not.toEqual([])
  })
})

describe('variables', () => {
  const files = {
    ...defined({...oneshot('bad', '/arm once\n'), ...longrun('a', {'dependencies.d/bad': ''})}),
    '/etc/cont-init.d/10-bad': script('exec /arm init'),
    '/etc/cont-init.d/20-readme': 'no script\n',
    '/etc/services.d/web/run': script('exec /arm web'),
    '/etc/services.d/web/finish': script('exec /arm ended'),
    '/etc/services.d/web/log/run': script('exec /arm log'),
    '/etc/services.d/off/down': '',
    '/etc/cont-finish.d/10': script('exec /arm last'),
    '/hook': script('exec /arm hook'),
  }

  test.each<[string, Readonly<Record<string, string>>]>([
    ['none', {}],
    ['what fails is passed over', {S6_BEHAVIOUR_IF_STAGE2_FAILS: '0'}],
    ['what fails is told', {S6_BEHAVIOUR_IF_STAGE2_FAILS: '1'}],
    ['what fails ends it', {S6_BEHAVIOUR_IF_STAGE2_FAILS: '2'}],
    ['what fails ends it at once', {S6_BEHAVIOUR_IF_STAGE2_FAILS: '3'}],
    ['a hook', {S6_STAGE2_HOOK: '/hook one'}],
    ['a hook that is not there', {S6_STAGE2_HOOK: '/none'}],
    ['a hook that ends it', {S6_STAGE2_HOOK: '/hook', S6_BEHAVIOUR_IF_STAGE2_FAILS: '2'}],
    ['an empty hook', {S6_STAGE2_HOOK: ''}],
    ['a first word', {S6_CMD_ARG0: '/app'}],
    ['its environment', {S6_KEEP_ENV: '1', OWN: 'x'}],
    ['services by the runtime', {S6_RUNTIME_PROFILE: 'own'}],
    ['a root that is read only', {S6_READ_ONLY_ROOT: '1'}],
    ['a command that is let go', {S6_CMD_USE_TERMINAL: '1'}],
    ['the log', {S6_LOGGING: '2'}],
    ['the log of services', {S6_LOGGING: '1'}],
    ['a receive', {S6_CMD_RECEIVE_SIGNALS: '1'}],
  ])('%s', async (_, env) => {
    expect(await follow(files, env)).not.toEqual([])
    expect(await follow(files, env, [])).not.toEqual([])
  })

  test('definitions that a hook may write', async () => {
    const hook = script('[ -e /x ] && cp /app /etc/s6-overlay/s6-rc.d/user/contents.d/b')
    expect(
      await follow({...defined(longrun('a')), '/hook': hook, '/bin/[': native}, {S6_STAGE2_HOOK: '/hook'}),
    ).not.toEqual([])
  })

  test.each<[string, MemoryTree]>([
    ['no services of its own', {[`${HOME}/etc/s6-rc/sources`]: 'a file'}],
    ['bundles of their own', {[`${HOME}/etc/s6-linux-init/skel/rc.init`]: script('x user-bundles.d')}],
  ])('%s', async (_, more) => {
    const own = Object.fromEntries(
      Object.entries(OVERLAY_3).filter(([path]) => !Object.keys(more).some(one => path.startsWith(`${one}/`))),
    )
    expect(
      await followServices(
        ['/init', '/app'],
        {...own, '/app': native, '/arm': arm64, ...files, ...more},
        {PATH: '/command:/bin'},
      ),
    ).not.toEqual([])
  })
})
