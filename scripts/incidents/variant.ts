import {alpine, debian, file, script} from './files.ts'
import {glibcLoader, goProgram, type MachineName} from './machines.ts'
import {type Contents, faulty, type Recipe} from './recipe.ts'

/** `.ARM.attributes` of Debian's and Ubuntu's armhf: ARMv7-A with VFPv3-D16. facts/executables.md §3.1 */
const ARMHF_ATTRIBUTES = Buffer.from(
  '4132000000616561626900012800000005372d4100060a0741080109020a0412041301140115011703180119011a021c012201',
  'hex',
)
/** GNU_PROPERTY_X86_ISA_1_NEEDED in a note of GNU: baseline and v2. */
const NEEDS_V2 = Buffer.from('040000001000000005000000474e5500028000c0040000000300000000000000', 'hex')

/** Category variant-or-level: the right machine, but more of it than the platform promises. */
export const VARIANT: readonly Recipe[] = [
  faulty({
    id: 'INC-089',
    on: 'linux/arm/v6',
    // Without GOARM, Go takes 7.
    wrong: machine => agent(machine, {GOARM: '7'}),
    right: machine => agent(machine, {}),
    finds: [{rule: 'variant-too-new', path: '/bin/agent', says: 'GOARM=7'}],
  }),
  faulty({
    id: 'INC-091',
    on: 'linux/arm/v6',
    lone: true,
    wrong: machine => ubuntu(machine, ARMHF_ATTRIBUTES),
    right: machine => ubuntu(machine, undefined),
    finds: [{rule: 'variant-too-new', path: '/lib/ld-linux-armhf.so.3', says: 'ARMv7'}],
  }),
  faulty({
    id: 'INC-095',
    on: 'linux/amd64',
    wrong: machine => clash(machine, {GOAMD64: 'v3'}),
    right: machine => clash(machine, {}),
    finds: [{rule: 'variant-too-new', path: '/clash', says: 'GOAMD64=v3'}],
  }),
  faulty({
    id: 'INC-097',
    on: 'linux/amd64',
    wrong: machine => bash(debian(machine, {loader: glibcLoader(machine, {gnuProperty: NEEDS_V2})})),
    right: machine => bash(debian(machine)),
    finds: [{rule: 'variant-too-new', path: '/lib64/ld-linux-x86-64.so.2', says: 'x86-64-v2'}],
  }),
]

function agent(machine: MachineName, settings: Readonly<Record<string, string>>): Contents {
  return {
    layers: [alpine(machine), [file('bin/agent', goProgram(machine, settings))]],
    process: {Entrypoint: ['/bin/agent']},
  }
}

/** Home Assistant's armhf-base-ubuntu: Ubuntu's armhf, under s6. */
function ubuntu(machine: MachineName, attributes: Uint8Array | undefined): Contents {
  const sections = attributes ? [{name: '.ARM.attributes', type: 0x70000003, content: attributes}] : []
  return {
    layers: [
      debian(machine, {loader: glibcLoader(machine, {sections})}),
      [script('init', '#!/bin/sh', 'exec sleep infinity')],
    ],
    process: {Entrypoint: ['/init']},
  }
}

function clash(machine: MachineName, settings: Readonly<Record<string, string>>): Contents {
  return {
    layers: [alpine(machine), [file('clash', goProgram(machine, settings))]],
    process: {Entrypoint: ['/clash']},
  }
}

function bash(files: Contents['layers'][number]): Contents {
  return {layers: [files], process: {Entrypoint: ['/bin/bash', '-c']}}
}
