import {mkdir, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {imageConfig} from '../../__tests__/support/image-config.ts'
import type {AddonProblem} from '../../src/addons/addon.ts'
import {scanImage} from '../../src/scan/index.ts'
import {addDevices, runIn} from './debian-root.ts'
import {scannedRootfs} from './scanned-rootfs.ts'
import type {Tally} from './tally.ts'

/** One start of a server that loads some modules and no others. */
export interface ServerStart {
  readonly about: string
  /** As the configuration that is scanned names them. */
  readonly modules: readonly string[]
  /** What makes the server load them, and end at once. */
  readonly command: readonly string[]
}

/** Has the real server start with some of its modules at a time; what is said of each is of a configuration of all. */
export async function testServer(
  root: string,
  {
    language,
    name,
    command = [],
    starts,
  }: {
    readonly language: AddonProblem['language']
    readonly name: string
    /** Of the image. */
    readonly command?: readonly string[]
    readonly starts: readonly ServerStart[]
  },
  tally: Tally,
): Promise<void> {
  const config = imageConfig({env: ['PATH=/usr/sbin:/usr/bin'], entrypoint: command})
  const platform = {os: 'linux', architecture: 'amd64', variant: ''}
  const {addons} = await scanImage({rootfs: scannedRootfs(root), platform, config, ignore: []})
  const told = new Set(addons.filter(one => one.language === language).map(one => one.package))
  for (const start of starts) {
    const failure = await runIn(root, start.command)
    const said = start.modules.filter(module => told.has(module))
    tally.take({about: `${language}'s ${start.about}, ${name}`, said, failure, unsaid: undefined})
  }
  tally.summarize(`${language}, ${name}`, 'starts')
}

/** Users as packages make them when they are configured; directories that servers write to. */
export async function prepareServer(root: string, directories: readonly string[]): Promise<void> {
  const users = 'root:x:0:0::/:/bin/sh\nwww-data:x:33:33::/:/bin/sh\npostgres:x:999:999::/:/bin/sh\n'
  await writeFile(join(root, 'etc/passwd'), users)
  await writeFile(join(root, 'etc/group'), 'root:x:0:\nwww-data:x:33:\npostgres:x:999:\n')
  await addDevices(root)
  for (const directory of directories) await mkdir(join(root, directory), {recursive: true})
}
