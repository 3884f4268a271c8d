import {expect, test} from '@jest/globals'
import {program} from '../../scripts/kernel/elf.ts'
import {buildTar, type TarItem} from '../../scripts/support/tar-builder.ts'
import {DEFAULT_PATH, readStartup} from '../../src/exec/index.ts'
import type {ImageConfig} from '../../src/image/config.ts'
import {containerRootFs} from '../../src/source/docker/container-rootfs.ts'
import {imageConfig} from '../support/image-config.ts'
import {SPOOLING, scriptedDocker} from '../support/scripted-docker.ts'

const PLATFORM = {os: 'linux', architecture: 'amd64', variant: ''}
const directory: Partial<TarItem> = {type: '5', mode: 0o755}
const native: Partial<TarItem> = {content: program({}), mode: 0o755}

/** An image as Debian lays it out: `/bin` and `/sbin` are links. */
const FILES: Readonly<Record<string, Partial<TarItem>>> = {
  '/bin': {type: '2', linkName: 'usr/bin'},
  '/sbin': {type: '2', linkName: 'usr/sbin'},
  '/etc': directory,
  '/usr': directory,
  '/usr/bin': directory,
  '/usr/sbin': directory,
  '/usr/local': directory,
  '/usr/local/bin': directory,
  '/usr/local/sbin': directory,
  '/usr/local/bin/app': native,
  '/usr/sbin/tini': native,
  '/usr/bin/sh': {type: '2', linkName: 'dash'},
  '/usr/bin/dash': native,
  '/entrypoint.sh': {content: '#!/bin/sh\nset -e\nexec "$@"\n', mode: 0o755},
  '/etc/passwd': {content: 'root:x:0:0::/root:/bin/sh\napp:x:1000:1000::/app:/bin/sh\n'},
  '/etc/group': {content: 'root:x:0:\napp:x:1000:\n'},
}

/** The paths that `docker cp` is asked for, one process each; and the steps. */
async function ask(config: Partial<ImageConfig>): Promise<{readonly paths: string[]; readonly steps: string[]}> {
  const {cli, asked} = scriptedDocker(command => {
    const path = command.replace(/^cp (-L )?c1:(.*) -$/, '$2')
    // The daemon follows links on the way.
    const item = FILES[path.replace(/^\/(s?bin)\//, '/usr/$1/')]
    return item ? buildTar([{name: path.slice(path.lastIndexOf('/') + 1), ...item}]) : {stderr: NOTHING(path)}
  })
  const startup = await readStartup({
    config: imageConfig({env: [`PATH=${DEFAULT_PATH}`], ...config}),
    rootfs: containerRootFs(cli, 'c1', SPOOLING),
    platform: PLATFORM,
  })
  const steps = startup.steps.map(({path, obstacle}) => (obstacle ? `${path}: ${obstacle.kind}` : path))
  return {paths: asked.map(command => command.replace(/^cp (-L )?c1:(.*) -$/, '$2')), steps}
}

const NOTHING = (path: string) => `Error response from daemon: Could not find the file ${path} in container c1`

test('a static program by its bare name: the directories of PATH up to it, and no more', async () => {
  const {paths, steps} = await ask({entrypoint: ['app']})
  expect(steps).toEqual(['/usr/local/bin/app'])
  expect(paths.toSorted()).toEqual([
    '/usr',
    '/usr/local',
    '/usr/local/bin',
    '/usr/local/bin/app',
    '/usr/local/sbin',
    '/usr/local/sbin/app',
  ])
})

test.each<[user: string, paths: string[]]>([
  ['', []],
  ['0', []],
  ['0:0', []],
  ['65532:65532', []],
  ['root', ['/etc', '/etc/passwd']],
  ['1000', ['/etc', '/etc/passwd', '/etc/group']],
  ['app', ['/etc', '/etc/passwd', '/etc/group']],
  ['app:app', ['/etc', '/etc/passwd', '/etc/group']],
  ['app:1000', ['/etc', '/etc/passwd']],
])('a program by its path, as user %p', async (user, expected) => {
  const {paths, steps} = await ask({entrypoint: ['/usr/sbin/tini', '--version'], user})
  expect(steps).toEqual(['/usr/sbin/tini'])
  expect(paths).toEqual([...expected, '/usr', '/usr/sbin', '/usr/sbin/tini'])
})

test('tini and a shell script: what they are, HOME for the shell, and the command', async () => {
  const {paths, steps} = await ask({entrypoint: ['/sbin/tini', '--', '/entrypoint.sh'], cmd: ['app']})
  expect(steps).toEqual(['/sbin/tini', '/entrypoint.sh', '/bin/sh', '/usr/local/bin/app'])
  // How many paths behind a link to a directory are asked for on the way is docker/container-rootfs.ts's own matter.
  const plain = paths.filter(path => !/^\/s?bin\//.test(path))
  expect(plain.toSorted()).toEqual([
    '/bin',
    '/entrypoint.sh',
    '/etc',
    '/etc/passwd',
    '/sbin',
    '/usr',
    '/usr/bin',
    '/usr/bin/dash',
    '/usr/bin/sh',
    '/usr/local',
    '/usr/local/bin',
    '/usr/local/bin/app',
    '/usr/local/sbin',
    '/usr/local/sbin/app',
    '/usr/sbin',
    '/usr/sbin/tini',
  ])
  expect(paths.length - plain.length).toBeLessThanOrEqual(2)
})
