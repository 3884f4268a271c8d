import {describe, expect, test} from '@jest/globals'
import {findStandIns} from '../../src/exec/stand-in.ts'
import type {Step} from '../../src/exec/steps.ts'
import {type MemoryTree, memoryRootfs} from '../support/memory-rootfs.ts'

async function find(at: string, files: MemoryTree, errno: 'ENOENT' | 'ENOTDIR' = 'ENOENT') {
  const step: Step = {
    ...{path: at, role: 'program', hops: [], via: 'entrypoint', certainty: 'certain'},
    obstacle: {kind: 'missing', errno, at},
  }
  const found = await findStandIns(memoryRootfs(files), [step, step])
  return found.get(at)
}

describe('a directory in place of a link to /usr', () => {
  test.each(['/bin/sh', '/sbin/init', '/lib/x/y.so', '/lib64/ld.so', '/lib32/a', '/libx32/a'])('%s', async at => {
    const directory = `/${at.split('/')[1]}`
    const other = {[`${directory}/other`]: '', [`/usr${at}`]: ''}
    expect(await find(at, other)).toEqual({kind: 'merged-usr', directory, path: `/usr${at}`})
  })

  test.each<[title: string, at: string, files: MemoryTree]>([
    ['of another name', '/opt/sh', {'/opt/other': '', '/usr/opt/sh': ''}],
    ['below another', '/x/bin/sh', {'/x/bin/other': '', '/usr/x/bin/sh': ''}],
    ['without the file', '/bin/sh', {'/bin/other': '', '/usr/bin/other': ''}],
    ['that is not there', '/bin/sh', {'/usr/bin/sh': ''}],
    ['that is a link', '/bin/sh', {'/bin': {link: '/usr/sbin'}, '/usr/sbin/x': '', '/usr/bin/sh': ''}],
  ])('not one %s', async (_, at, files) => {
    expect(await find(at, files)).toBeUndefined()
  })
})

describe('files beside it', () => {
  const beside = async (names: readonly string[], name = 'app') => {
    const found = await find(`/opt/${name}`, Object.fromEntries(names.map(other => [`/opt/${other}`, ''])))
    return found?.kind === 'alike' ? found.paths.map(path => path.slice('/opt/'.length)) : []
  }

  test.each([
    ...['app_linux_arm64', 'app-aarch64', 'app.exe', 'App', 'APP', 'app-x86_64', 'app-linux-amd64-static', 'app.sh'],
    ...['app-linux-arm-v7', 'app_windows_amd64.exe', 'app.x86', 'app-x86-64-v2', 'app-unknown-linux-musl', 'app-AMD64'],
  ])('%s', async other => {
    expect(await beside([other])).toEqual([other])
  })

  test.each(['application', 'apparm64', 'xapp', 'app-server', 'app-linux-x', 'ap', 'myapp.exe', 'app+arm64', 'arm64'])(
    'not %s',
    async other => {
      expect(await beside([other])).toEqual([])
    },
  )

  test('three of them at most', async () => {
    expect(await beside(['app-386', 'app-amd64', 'app-arm', 'app-arm64'])).toHaveLength(3)
  })

  test('files alone, in a directory', async () => {
    expect(await find('/opt/app', {'/opt/app-arm64/x': ''})).toBeUndefined()
    expect(await find('/opt/app', {'/opt': ''})).toBeUndefined()
    expect(await find('/opt/app', {})).toBeUndefined()
    expect(await find('/opt/app', {'/opt/app-arm64': {link: '/bin/x'}})).toBeUndefined()
    expect(await find('/opt/app', {'/opt/app-arm64': {link: '/bin/x'}, '/bin/x': ''})).toBeDefined()
  })

  test('of a file that is missing, not of one below a file', async () => {
    expect(await find('/opt/app', {'/opt/app-arm64': ''}, 'ENOTDIR')).toBeUndefined()
    const step: Step = {path: '/opt/app', role: 'program', hops: [], via: 'entrypoint', certainty: 'certain'}
    expect(await findStandIns(memoryRootfs({'/opt/app-arm64': ''}), [step])).toEqual(new Map())
  })
})
