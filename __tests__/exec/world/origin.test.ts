// biome-ignore-all lint/suspicious/noTemplateCurlyInString: $ORIGIN
import {describe, expect, test} from '@jest/globals'
import {dynamicElf} from '../../../scripts/kernel/dynamic-elf.ts'
import {executable} from '../../support/memory-rootfs.ts'
import {startScript} from '../../support/told-startup.ts'

const MUSL = '/lib/ld-musl-x86_64.so.1'
const FILES = {
  [MUSL]: executable(dynamicElf({needed: []})),
  '/opt/app/bin/app': executable(dynamicElf({interp: MUSL, needed: ['libx.so'], runpath: '$ORIGIN/../lib'})),
  '/opt/app/lib/libx.so': executable(dynamicElf({needed: []})),
  '/opt/empty': {kind: 'directory'},
} as const

/** The libraries that are missing, and where they are looked for. */
async function missing(script: string): Promise<readonly string[]> {
  const {steps} = await startScript(script, {files: FILES})
  return steps.flatMap(({obstacle}) =>
    obstacle?.kind === 'missing-library' ? [`${obstacle.library} in ${obstacle.searched[0]}`] : [],
  )
}

describe('$ORIGIN is where a program is', () => {
  test.each([
    ['exec /opt/app/bin/app'],
    ['ln -s /opt/app/bin/app /tmp/app; exec /tmp/app'],
    ['cp -r /opt/app /srv; exec /srv/bin/app'],
    ['mv /opt/app /srv; exec /srv/bin/app'],
    ['cp -r /opt/app /srv; rm -r /opt/app; ln -s /srv/bin/app /tmp/app; exec /tmp/app'],
    ['mkdir -p /srv/bin; cp -r /opt/app/lib /srv; cp /opt/app/bin/app /srv/bin; exec /srv/bin/app'],
  ])('%s', async script => {
    expect(await missing(script)).toEqual([])
  })

  test.each([
    ['cp /opt/app/bin/app /opt/empty; exec /opt/empty/app', 'libx.so in /opt/empty/../lib'],
    ['mkdir /srv; ln /opt/app/bin/app /srv/app; exec /srv/app', 'libx.so in /srv/../lib'],
    ['cp -r /opt/app /srv; rm -r /srv/lib; exec /srv/bin/app', 'libx.so in /srv/bin/../lib'],
    [
      'cp /opt/app/bin/app /opt/empty; ln -s /opt/empty/app /opt/app/x; exec /opt/app/x',
      'libx.so in /opt/empty/../lib',
    ],
  ])('%s: %s', async (script, expected) => {
    expect(await missing(script)).toEqual([expected])
  })
})
