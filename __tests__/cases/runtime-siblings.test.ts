import {type DynamicShape, dynamicElf} from '../../scripts/kernel/dynamic-elf.ts'
import {program} from '../../scripts/kernel/elf.ts'
import {executable} from '../support/memory-rootfs.ts'
import {nativeProgram} from '../support/script-start.ts'
import {type Kind, testSiblings} from '../support/siblings.ts'

/* What a device runtime puts into a container, and programs that are many by their links. */
const MUSL = '/lib/ld-musl-x86_64.so.1'
const NATIVE = executable(nativeProgram())
const FOREIGN = executable(program({machine: 183}))

const lib = (shape: Partial<DynamicShape> = {}) => executable(dynamicElf({needed: [], ...shape}))
const app = (shape: Partial<DynamicShape>) => executable(dynamicElf({interp: MUSL, needed: [], ...shape}))
const script = (text: string) => executable(`#!/bin/sh\n${text}\n`)
const env = (...more: readonly string[]) => ({config: {env: ['PATH=/usr/bin:/bin', ...more]}})
const labels = (...names: readonly string[]) => ({config: {env: ['PATH=/usr/bin:/bin'], labels: names}})
const needs = (...needed: readonly string[]) => ({files: {'/app': app({needed})}})
const starts = (...entrypoint: readonly string[]) => ({config: {entrypoint}})

const APPLETS = ['[', 'ash', 'cat', 'chown', 'cp', 'ls', 'mkdir', 'sh', 'sleep', 'timeout', 'true']
const BUSYBOX = executable(Buffer.concat([nativeProgram(), Buffer.from(`\0${APPLETS.join('\0')}\0`)]))

const KINDS: Readonly<Record<string, Kind>> = {
  'a library of the NVIDIA driver': {
    files: {[MUSL]: lib(), '/app': app({needed: ['libcuda.so.1']})},
    config: {entrypoint: ['/app'], ...env('NVIDIA_VISIBLE_DEVICES=all').config},
    good: [
      ['as it is', {}],
      ['some devices', env('NVIDIA_VISIBLE_DEVICES=0,1')],
      ['a device by its UUID', env('NVIDIA_VISIBLE_DEVICES=GPU-8f6d4d3a')],
      ['no device, and the driver all the same', env('NVIDIA_VISIBLE_DEVICES=none')],
      ['with capabilities', env('NVIDIA_VISIBLE_DEVICES=all', 'NVIDIA_DRIVER_CAPABILITIES=compute,utility')],
      ['an image of old', env('CUDA_VERSION=9.0.176')],
      ['the label of images of old', labels('com.nvidia.volumes.needed')],
      ['another label of theirs', labels('maintainer', 'com.nvidia.cudnn.version')],
      ['the management library', needs('libnvidia-ml.so.1')],
      ['the decoder', needs('libnvcuvid.so.1')],
      ['the encoder', needs('libnvidia-encode.so.1')],
      ['OpenGL', needs('libGLX_nvidia.so.0', 'libEGL_nvidia.so.0')],
      ['the ray tracer', needs('libnvoptix.so.1')],
      ['a full version', needs('libcuda.so.575.57.08')],
      ['several', needs('libcuda.so.1', 'libnvidia-ml.so.1')],
      ['one that is there', {files: {'/lib/libcuda.so.1': lib()}}],
      ['by a library', {files: {'/app': app({needed: ['liba.so']}), '/lib/liba.so': lib({needed: ['libcuda.so.1']})}}],
    ],
    broken: [
      ['nobody asks for it', env(), 'missing-library'],
      ['asked for by nothing', env('NVIDIA_VISIBLE_DEVICES=void'), 'missing-library'],
      ['asked for by an empty value', env('NVIDIA_VISIBLE_DEVICES='), 'missing-library'],
      ['void outdoes a version', env('NVIDIA_VISIBLE_DEVICES=void', 'CUDA_VERSION=9.0'), 'missing-library'],
      ['a capability alone', env('NVIDIA_DRIVER_CAPABILITIES=all'), 'missing-library'],
      ['a label that only begins so', labels('com.nvidiax.volumes.needed'), 'missing-library'],
      ['a label of others', labels('maintainer'), 'missing-library'],
      ['what AMD asks for', env('AMD_VISIBLE_DEVICES=all'), 'missing-library'],
      ['what Ascend asks for', env('ASCEND_VISIBLE_DEVICES=0'), 'missing-library'],
      ['the toolkit’s run time is of the image', needs('libcudart.so.12'), 'missing-library'],
      ['so is cuBLAS', needs('libcublas.so.12'), 'missing-library'],
      ['so is cuDNN', needs('libcudnn.so.9'), 'missing-library'],
      ['so is the container library', needs('libnvidia-container.so.1'), 'missing-library'],
      ['another one besides', needs('libcuda.so.1', 'libx.so'), 'missing-library'],
      ['one of another machine is there', {files: {'/lib/libcuda.so.1': FOREIGN}}, 'missing-library'],
      ['the program is foreign', {files: {'/app': FOREIGN}}, 'wrong-machine'],
      ['the loader is not there', {files: {[MUSL]: null}}, 'missing-interpreter'],
    ],
  },
  'a program of a device runtime': {
    files: {'/bin/sh': NATIVE, '/app': NATIVE, '/e': script('exec nvidia-smi')},
    config: {entrypoint: ['/e'], ...env('NVIDIA_VISIBLE_DEVICES=all').config},
    good: [
      ['as it is', {}],
      ['by its path', {files: {'/e': script('exec /usr/bin/nvidia-smi -L')}}],
      ['as the entrypoint', starts('nvidia-smi')],
      ['as a check', {files: {'/e': script('set -e; nvidia-smi; exec /app')}}],
      ['the MPS server', {files: {'/e': script('exec nvidia-cuda-mps-control -f')}}],
      ['the persistence daemon', starts('/usr/bin/nvidia-persistenced')],
      ['by a label', labels('com.nvidia.volumes.needed')],
      [
        'of Ascend',
        {...starts('npu-smi', 'info'), config: {entrypoint: ['npu-smi'], env: ['ASCEND_VISIBLE_DEVICES=0']}},
      ],
      ['only the health check', {config: {entrypoint: ['/app'], healthcheck: ['CMD', 'nvidia-smi']}}],
    ],
    broken: [
      ['nobody asks for it', env(), 'missing-program'],
      ['void', env('NVIDIA_VISIBLE_DEVICES=void'), 'missing-program'],
      ['of another vendor', env('ASCEND_VISIBLE_DEVICES=0'), 'missing-program'],
      ['a desktop tool is not among them', starts('nvidia-settings'), 'missing-program'],
      ['the compiler is of the image', starts('nvcc'), 'missing-program'],
      ['a name that only begins so', starts('nvidia-smi2'), 'missing-program'],
      ['a foreign one is there', {files: {'/usr/bin/nvidia-smi': FOREIGN}}, 'wrong-machine'],
      ['what comes after it', {files: {'/e': script('nvidia-smi; exec /none')}}, 'missing-program'],
    ],
  },
  'a multi-call program by its links': {
    files: {
      '/bin/busybox': BUSYBOX,
      ...Object.fromEntries(APPLETS.map(name => [`/bin/${name}`, {link: 'busybox'}])),
      '/usr/bin/node': NATIVE,
      '/app': NATIVE,
      '/data': {kind: 'directory'},
      '/etc/passwd': 'root:x:0:0::/:/bin/sh\nnode:x:1000:1000::/:/bin/sh\n',
      '/e': script('set -e\nchown node /data\nexec /app'),
    },
    config: {entrypoint: ['/e']},
    good: [
      ['as it is', {}],
      ['an operand that is a program’s name', {files: {'/e': script('set -e; ls node cat; exec /app')}}],
      ['by its own name', {files: {'/e': script('set -e; busybox chown node /data; exec busybox sh -c /app')}}],
      ['by its path', {config: {entrypoint: ['/bin/busybox', 'sh', '-c', '/app']}}],
      ['an applet that starts a program', {files: {'/e': script('exec timeout 5 /app')}}],
      ['absolute links', {files: {'/bin/chown': {link: '/bin/busybox'}}}],
      ['a link to a link', {files: {'/bin/chown': {link: 'ls'}}}],
      ['the copy of it', {files: {'/bin/chown': BUSYBOX}}],
      ['as toybox', {files: {'/bin/toybox': BUSYBOX, '/bin/chown': {link: 'toybox'}}}],
    ],
    broken: [
      ['an applet that it lacks', {config: {entrypoint: ['busybox', 'gosu', 'node', '/app']}}, 'refused-arguments'],
      [
        'a link that dangles',
        {files: {'/bin/chown': {link: 'gone'}, '/e': script('set -e; /bin/chown node /data; exec /app')}},
        'missing-program',
      ],
      [
        'a foreign one',
        {files: {'/bin/busybox': FOREIGN}, config: {entrypoint: ['/bin/busybox', 'sleep', '1']}},
        'wrong-machine',
      ],
      ['what its applet starts', {files: {'/e': script('exec timeout 5 /none')}}, 'missing-program'],
      [
        'what its applet starts is foreign',
        {files: {'/app': FOREIGN, '/e': script('exec timeout 5 /app')}},
        'wrong-machine',
      ],
      ['what its shell starts', {files: {'/e': script('exec busybox sh -c /none')}}, 'missing-program'],
      [
        'without permission',
        {
          files: {
            '/bin/chown': {content: nativeProgram(), mode: 0o644},
            '/e': script('set -e; /bin/chown node /data; exec /app'),
          },
        },
        'not-executable',
      ],
    ],
  },
}

testSiblings(KINDS)
