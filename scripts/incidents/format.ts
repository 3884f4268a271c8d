import {alpine, debian, file, script} from './files.ts'
import {goProgram, type MachineName, staticProgram} from './machines.ts'
import {type Contents, faulty, type Recipe} from './recipe.ts'

/**
 * A 64-bit Mach-O executable for x86_64: magic, cputype, cpusubtype, filetype
 * MH_EXECUTE, no load commands, flags, reserved.
 */
const MACH_O = Buffer.concat([
  Buffer.from('cffaedfe 07000001 03000080 02000000 00000000 00000000 85002000 00000000'.replaceAll(' ', ''), 'hex'),
  Buffer.alloc(4096),
])
/** What a storage bucket answers instead of a file, saved by `curl` without `-f`. */
const NOT_FOUND = `<?xml version='1.0' encoding='UTF-8'?><Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>`

/** Category foreign-format: what lies under the program's name is no ELF file at all. */
export const FORMAT: readonly Recipe[] = [
  faulty({
    id: 'INC-133',
    on: 'linux/amd64',
    beside: [],
    wrong: machine => volumePlugin(machine, MACH_O),
    right: machine => volumePlugin(machine, goProgram(machine)),
    finds: [{rule: 'not-a-program', path: '/usr/bin/docker-volume-local-persist', says: 'Mach-O'}],
  }),
  faulty({
    id: 'INC-135',
    wrong: machine => systemAgent(machine, Buffer.from(NOT_FOUND)),
    right: machine => systemAgent(machine, goProgram(machine)),
    finds: [{rule: 'not-a-program', path: '/usr/bin/kubectl', level: 'warning'}],
  }),
  faulty({
    id: 'INC-137',
    on: 'linux/amd64',
    beside: [],
    wrong: machine => gocommerce(machine, MACH_O),
    right: machine => gocommerce(machine, goProgram(machine)),
    finds: [{rule: 'not-a-program', path: '/usr/local/bin/gocommerce', says: 'Mach-O'}],
  }),
]

function volumePlugin(machine: MachineName, plugin: Uint8Array): Contents {
  return {
    layers: [
      alpine(machine),
      [file('usr/bin/dumb-init', staticProgram(machine)), file('usr/bin/docker-volume-local-persist', plugin)],
    ],
    process: {Entrypoint: ['/usr/bin/dumb-init', '--'], Cmd: ['/usr/bin/docker-volume-local-persist']},
  }
}

/** The upgrade script asks the cluster with kubectl before it installs the agent. */
function systemAgent(machine: MachineName, kubectl: Uint8Array): Contents {
  return {
    layers: [
      debian(machine),
      [
        file('usr/bin/kubectl', kubectl),
        file('opt/rancher-system-agent-suc/rancher-system-agent', goProgram(machine)),
        script(
          'opt/rancher-system-agent-suc/run.sh',
          '#!/bin/sh',
          'set -x',
          'kubectl get nodes',
          'cp /opt/rancher-system-agent-suc/rancher-system-agent /host/usr/local/bin',
        ),
      ],
    ],
    process: {Entrypoint: ['/opt/rancher-system-agent-suc/run.sh']},
  }
}

function gocommerce(machine: MachineName, program: Uint8Array): Contents {
  return {
    layers: [alpine(machine), [file('usr/local/bin/gocommerce', program)]],
    process: {Cmd: ['gocommerce']},
  }
}
