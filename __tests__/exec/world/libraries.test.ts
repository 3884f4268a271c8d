import {describe, expect, test} from '@jest/globals'
import {dynamicElf} from '../../../scripts/kernel/dynamic-elf.ts'
import {executable, type MemoryTree} from '../../support/memory-rootfs.ts'
import {startScript} from '../../support/told-startup.ts'

const MUSL = '/lib/ld-musl-x86_64.so.1'
const FILES: MemoryTree = {
  [MUSL]: executable(dynamicElf({needed: []})),
  '/bin/apk': executable(dynamicElf({needed: []})),
  '/app/app': executable(dynamicElf({interp: MUSL, needed: ['libx.so'], runpath: '/app/own'})),
  '/app/own': {kind: 'directory'},
  '/opt/libx.so': executable(dynamicElf({needed: []})),
  '/opt/text.so': 'text',
  '/usr/lib': {kind: 'directory'},
  '/vol': {kind: 'directory'},
}

/** What the loader misses, and what may make it. */
async function missing(script: string, files: MemoryTree = {}): Promise<readonly string[]> {
  const {steps} = await startScript(script, {files: {...FILES, ...files}, config: {volumes: ['/vol']}})
  return steps.flatMap(({obstacle, maybe, path}) =>
    obstacle?.kind === 'missing-library' ? [`${path}${maybe ? ` (${maybe.by.name})` : ''}`] : [],
  )
}

describe('a library that a script may have made is not missing for certain', () => {
  test.each([
    ['exec /app/app', 'libx.so'],
    ['apk add x; exec /app/app', 'libx.so (apk in /e.sh)'],
    ['tar -xf /x.tar -C /usr; exec /app/app', 'libx.so (tar in /e.sh)'],
    ['tar -xf /x.tar -C /srv; exec /app/app', 'libx.so'],
    ['curl -o /app/own/libx.so x; exec /app/app', 'libx.so (curl in /e.sh)'],
    ['curl -o /app/own/liby.so x; exec /app/app', 'libx.so'],
    ['export LD_LIBRARY_PATH=/vol; exec /app/app', 'libx.so (the volume /vol)'],
    ['export LD_LIBRARY_PATH=/srv; exec /app/app', 'libx.so'],
    ['ln -s /vol/libx.so /app/own/libx.so; exec /app/app', 'libx.so (the volume /vol)'],
    ['cp /opt/text.so /app/own/libx.so; exec /app/app', 'libx.so'],
    ['curl -o /app/app x; exec /app/app', 'libx.so (curl in /e.sh)'],
  ])('%s: %s', async (script, expected) => {
    expect(await missing(script)).toEqual([expected])
  })

  test.each([
    ['cp /opt/libx.so /app/own; exec /app/app'],
    ['ln -s /opt/libx.so /usr/lib/libx.so; exec /app/app'],
    ['export LD_LIBRARY_PATH=/opt; exec /app/app'],
  ])('%s: it is there', async script => {
    expect(await missing(script)).toEqual([])
  })

  test('one that a script removes is missing', async () => {
    expect(await missing('rm /usr/lib/libx.so; exec /app/app', {'/usr/lib/libx.so': 'x'})).toEqual(['libx.so'])
  })
})
