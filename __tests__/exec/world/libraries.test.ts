import {describe, expect, test} from '@jest/globals'
import {dynamicElf} from '../../../scripts/kernel/dynamic-elf.ts'
import {executable, type MemoryTree} from '../../support/memory-rootfs.ts'
import {startScript} from '../../support/told-startup.ts'

const MUSL = '/lib/ld-musl-x86_64.so.1'
const GLIBC = '/lib64/ld-linux-x86-64.so.2'
const NEEDS = [{file: 'libv.so', versions: [{name: 'V_2', weak: false}]}]
const FILES: MemoryTree = {
  [MUSL]: executable(dynamicElf({needed: []})),
  '/bin/apk': executable(dynamicElf({needed: []})),
  '/app/app': executable(dynamicElf({interp: MUSL, needed: ['libx.so'], runpath: '/app/own'})),
  '/app/own': {kind: 'directory'},
  '/opt/libx.so': executable(dynamicElf({needed: []})),
  '/opt/text.so': 'text',
  '/app/sym': executable(dynamicElf({interp: MUSL, needed: ['libx.so'], runpath: '/opt', imports: [{name: 'gone'}]})),
  '/app/named': executable(dynamicElf({interp: MUSL, needed: ['/app/own/libz.so']})),
  [GLIBC]: executable(dynamicElf({needed: [], soname: 'ld-linux-x86-64.so.2', defines: ['GLIBC_2.36']})),
  '/app/new': executable(dynamicElf({interp: GLIBC, needed: ['libv.so'], runpath: '/opt/v', needs: NEEDS})),
  '/opt/v/libv.so': executable(dynamicElf({needed: [], soname: 'libv.so', defines: ['V_1']})),
  '/app/far': executable(dynamicElf({interp: GLIBC, needed: ['libfar.so']})),
  '/bin/ldconfig': executable(dynamicElf({needed: []})),
  '/usr/lib': {kind: 'directory'},
  '/vol': {kind: 'directory'},
}

const KINDS = ['missing-library', 'missing-version', 'missing-symbols']

/** What the loader misses, and what may make it. */
async function missing(script: string, files: MemoryTree = {}): Promise<readonly string[]> {
  const {steps} = await startScript(script, {files: {...FILES, ...files}, config: {volumes: ['/vol']}})
  return steps.flatMap(({obstacle, maybe, path}) =>
    obstacle && KINDS.includes(obstacle.kind) ? [`${path}${maybe ? ` (${maybe.by.name})` : ''}`] : [],
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
    ['exec /app/named', '/app/own/libz.so'],
    ['curl -o /app/own/libz.so x; exec /app/named', '/app/own/libz.so (curl in /e.sh)'],
    ['exec /app/far', 'libfar.so'],
    ['ldconfig; exec /app/far', 'libfar.so (ldconfig in /e.sh)'],
    ['exec /app/sym', '/app/sym'],
    ['curl -o /opt/libx.so x; exec /app/sym', '/app/sym (curl in /e.sh)'],
    // One that has the version may stand before it.
    ['exec /app/new', '/opt/v/libv.so'],
    ['curl -o /opt/v/libv.so x; exec /app/new', '/opt/v/libv.so (curl in /e.sh)'],
    ['export LD_LIBRARY_PATH=/srv:/vol; exec /app/new', '/opt/v/libv.so (the volume /vol)'],
    ['export LD_LIBRARY_PATH=/srv; exec /app/new', '/opt/v/libv.so'],
    ['cd /; export LD_LIBRARY_PATH=vol; exec /app/new', '/opt/v/libv.so (the volume /vol)'],
    ['cd /; export LD_LIBRARY_PATH=:srv; exec /app/new', '/opt/v/libv.so'],
    [`exec ${GLIBC} --library-path /vol /app/new`, '/opt/v/libv.so (the volume /vol)'],
    ['export LD_LIBRARY_PATH=/opt; curl -o /opt/liby.so x; exec /app/new', '/opt/v/libv.so'],
    ['export LD_LIBRARY_PATH=/opt; curl -o /opt/libv.so x; exec /app/new', '/opt/v/libv.so (curl in /e.sh)'],
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
