import {describe, expect, test} from '@jest/globals'
import {type DynamicShape, dynamicElf} from '../../scripts/kernel/dynamic-elf.ts'
import {injectedLibrary, injectedProgram, readCommand, readStartup} from '../../src/exec/index.ts'
import {missingLibrary} from '../../src/rules/missing-library.ts'
import {missingProgram} from '../../src/rules/missing-program.ts'
import {findingsOf, testFacts, testPlatformFacts} from '../support/facts.ts'
import {imageConfig} from '../support/image-config.ts'
import {executable, type MemoryTree, memoryRootfs} from '../support/memory-rootfs.ts'

const envOf = (...env: readonly string[]) => readCommand(imageConfig({env: [...env]})).runtimes
const NVIDIA = 'NVIDIA_VISIBLE_DEVICES=all'

describe('what a device runtime brings', () => {
  test.each([
    'libcuda.so.1',
    'libcuda.so',
    'libnvidia-ml.so.1',
    'libnvidia-ptxjitcompiler.so.575.57.08',
    'libnvcuvid.so.1',
    'libGLX_nvidia.so.0',
    'libvdpau_nvidia.so.1',
  ])('%s is of the driver', name => {
    expect(injectedLibrary(envOf(NVIDIA), name)).toContain('NVIDIA_VISIBLE_DEVICES is set')
    expect(injectedLibrary(envOf(), name)).toBeUndefined()
  })

  test.each(['libcudart.so.12', 'libcublas.so.12', 'libcudnn.so.9', 'libnvidia-container.so.1', 'libcuda.so.1x'])(
    '%s is of the image',
    name => {
      expect(injectedLibrary(envOf(NVIDIA), name)).toBeUndefined()
    },
  )

  test.each([
    ['all', true],
    ['0,1', true],
    ['none', true],
    ['void', false],
    ['', false],
  ])('NVIDIA_VISIBLE_DEVICES=%s', (value, brings) => {
    expect(injectedLibrary(envOf(`NVIDIA_VISIBLE_DEVICES=${value}`), 'libcuda.so.1') !== undefined).toBe(brings)
  })

  test('images of old have CUDA_VERSION alone', () => {
    expect(injectedLibrary(envOf('CUDA_VERSION=8.0'), 'libcuda.so.1')).toContain('CUDA_VERSION is set')
    expect(injectedLibrary(envOf('CUDA_VERSION=8.0', 'NVIDIA_VISIBLE_DEVICES=void'), 'libcuda.so.1')).toBeUndefined()
  })

  test.each([
    ['nvidia-smi', NVIDIA, true],
    ['/usr/bin/nvidia-smi', NVIDIA, true],
    ['nvidia-settings', NVIDIA, false],
    ['npu-smi', 'ASCEND_VISIBLE_DEVICES=0', true],
    ['nvidia-smi', 'ASCEND_VISIBLE_DEVICES=0', false],
  ])('the program %s with %s', (path, env, brings) => {
    expect(injectedProgram(envOf(env), path) !== undefined).toBe(brings)
  })
})

test('who puts it there, and why', () => {
  expect(injectedProgram(envOf('ASCEND_VISIBLE_DEVICES=0'), 'npu-smi')).toBe(
    'the Ascend container runtime puts it into the container (ASCEND_VISIBLE_DEVICES is set)',
  )
})

describe('by a label', () => {
  const of = (labels: readonly string[], ...env: readonly string[]) => readCommand(imageConfig({env, labels})).runtimes
  test('images of old ask with one of com.nvidia', () => {
    expect(injectedLibrary(of(['com.nvidia.volumes.needed']), 'libcuda.so.1')).toBe(
      'the NVIDIA container runtime puts it into the container (the image has the label com.nvidia.volumes.needed)',
    )
  })

  test.each<[string, readonly string[], readonly string[]]>([
    ['another label', ['com.nvidiax.needed', 'maintainer'], []],
    ['the variable says no', ['com.nvidia.cuda.version'], ['NVIDIA_VISIBLE_DEVICES=void']],
    // These runtimes add device nodes alone.
    ['AMD', [], ['AMD_VISIBLE_DEVICES=all']],
    ['Intel Gaudi', [], ['HABANA_VISIBLE_DEVICES=all']],
  ])('%s', (_, labels, env) => {
    expect(of(labels, ...env).map(({reason}) => reason)).toEqual([])
  })
})

describe('an image for such a runtime', () => {
  const MUSL = '/lib/ld-musl-x86_64.so.1'
  const app = (shape: Partial<DynamicShape>) =>
    executable(dynamicElf({interp: MUSL, needed: ['libcuda.so.1'], ...shape}))
  const lib = executable(dynamicElf({needed: []}))
  async function told(files: MemoryTree, env: readonly string[], entrypoint = ['/app']) {
    const config = imageConfig({entrypoint, env: [...env]})
    const platform = {os: 'linux', architecture: 'amd64', variant: ''}
    const startup = await readStartup({config, rootfs: memoryRootfs({[MUSL]: lib, ...files}), platform})
    const facts = testFacts([{...testPlatformFacts('linux/amd64', startup), config}])
    return [missingLibrary, missingProgram].flatMap(rule =>
      findingsOf(rule, facts).map(({level, message}) => `${level} ${message.split(',')[0]}`),
    )
  }

  test.each<[string, MemoryTree, readonly string[], readonly string[]]>([
    ['the driver is noted', {'/app': app({})}, [NVIDIA], ['note /app needs libcuda.so.1']],
    ['without the runtime it is missing', {'/app': app({})}, [], ['error /app needs libcuda.so.1']],
    [
      'another library is missing all the same',
      {'/app': app({needed: ['libcuda.so.1', 'libx.so']})},
      [NVIDIA],
      ['note /app needs libcuda.so.1', 'error /app needs libx.so'],
    ],
    [
      'a file of another machine is not the driver',
      {'/app': app({}), '/lib/libcuda.so.1': 'text'},
      [NVIDIA],
      ['error /app needs libcuda.so.1'],
    ],
    [
      'symbols that the driver may define are not missed',
      {'/app': app({imports: [{name: 'cuInit'}]})},
      [NVIDIA],
      ['note /app needs libcuda.so.1'],
    ],
  ])('%s', async (_, files, env, expected) => {
    expect(await told(files, env)).toEqual(expected)
  })

  test.each<[string, MemoryTree, readonly string[]]>([
    ['a shell form', {}, ['/bin/sh', '-c', 'exec /app']],
    ['a script', {'/start.sh': executable('#!/bin/sh\nset -e\nexec "$@"\n')}, ['/start.sh', '/app']],
    ['a wrapper and a script', {'/start.sh': executable('#!/bin/sh\n/app\n')}, ['/bin/env', '/start.sh']],
    ['execline', {'/start': executable('#!/bin/execlineb -P\nfdmove -c 2 1\n/app\n')}, ['/start']],
  ])('the driver is noted behind %s', async (_, files, entrypoint) => {
    const tools = Object.fromEntries(['sh', 'env', 'execlineb', 'fdmove'].map(name => [`/bin/${name}`, lib]))
    const all = {...tools, ...files, '/app': app({})}
    expect(await told(all, [NVIDIA, 'PATH=/bin'], [...entrypoint])).toEqual(['note /app needs libcuda.so.1'])
  })

  test('a tool of the driver is noted', async () => {
    expect(await told({}, [NVIDIA], ['nvidia-smi'])).toEqual([expect.stringMatching(/^note nvidia-smi/)])
    expect(await told({}, [], ['nvidia-smi'])).toEqual([expect.stringMatching(/^error nvidia-smi/)])
  })
})
