import {armAttributes} from '../../__tests__/support/arm-attributes.ts'
import type {ElfOptions} from '../../__tests__/support/elf-builder.ts'
import {alpine, debian, file, script} from './files.ts'
import {goProgram, type MachineName} from './machines.ts'
import {type Contents, faulty, type Recipe} from './recipe.ts'

/**
 * Tag_CPU_arch, Tag_CPU_arch_profile, Tag_ARM_ISA_use, Tag_THUMB_ISA_use, Tag_FP_arch,
 * Tag_ABI_VFP_args: Ubuntu's armhf and Raspbian's.
 */
const ARMV7 = {sections: [armAttributes(6, 10, 7, 0x41, 8, 1, 9, 2, 10, 4, 28, 1)]}
const ARMV6 = {sections: [armAttributes(6, 6, 8, 1, 9, 1, 10, 2, 28, 1)]}
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
    wrong: machine => ubuntu(machine, ARMV7),
    right: machine => ubuntu(machine, ARMV6),
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
    wrong: machine => bash(debian(machine, {marks: {gnuProperty: NEEDS_V2}})),
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
function ubuntu(machine: MachineName, marks: ElfOptions): Contents {
  return {
    layers: [debian(machine, {marks}), [script('init', '#!/bin/sh', 'exec sleep infinity')]],
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
