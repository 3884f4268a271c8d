import {PACKED_PROGRAM} from '../../__tests__/support/packed-program.ts'
import type {LayoutFile} from '../support/layout-builder.ts'
import {alpine, debian, distroless, file, GLIBC, script} from './files.ts'
import {glibcProgram, type MachineName, muslProgram} from './machines.ts'
import {type Contents, type Files, faulty, type Recipe} from './recipe.ts'

/** Category loader-or-libc: the right machine, and a C library that is not there or too old. */
export const LOADER: readonly Recipe[] = [
  glibcOnAlpine('INC-101', '/prestd', {Entrypoint: ['/prestd']}, ['linux/amd64']),
  glibcOnAlpine('INC-105', '/usr/bin/k6', {Entrypoint: ['k6']}, ['linux/amd64', 'linux/arm64']),
  // Packed by UPX: the stub names no loader, and opens one.
  faulty({
    id: 'INC-103',
    on: 'linux/amd64',
    beside: [],
    wrong: () => packed(distroless()),
    right: machine => packed(debian(machine)),
    finds: [{rule: 'missing-interpreter', path: '/islandr', says: 'ld-linux'}],
  }),
  libcTooOld('INC-107', '/usr/local/bin/release-plz', {Entrypoint: ['release-plz']}),
  libcTooOld('INC-109', '/usr/local/bin/kustomize', {Cmd: ['kustomize', 'version']}),
  libcTooOld('INC-111', '/root/manager', {WorkingDir: '/root', Entrypoint: ['/root/manager']}),
  // The start script configures the server with it and goes on to start the server if it succeeds.
  libcTooOld('INC-113', '/opt/altv/configurator', {Entrypoint: ['/entrypoint.sh']}, machine => [
    script(
      'entrypoint.sh',
      '#!/bin/bash',
      'set -e',
      '/opt/altv/configurator > /opt/altv/server.cfg',
      'exec /opt/altv/altv-server --config /opt/altv/server.cfg "$@"',
    ),
    file('opt/altv/altv-server', glibcProgram(machine)),
  ]),
]

type Process = Contents['process']

function packed(base: readonly LayoutFile[]): Contents {
  return {layers: [base, [file('islandr', PACKED_PROGRAM)]], process: {Entrypoint: ['/islandr']}}
}

/** A program of glibc on alpine; mended, it is linked with musl. */
function glibcOnAlpine(id: string, path: string, process: Process, platforms: readonly string[]): Recipe {
  const contents = (make: (machine: MachineName) => Uint8Array) => (machine: MachineName) => ({
    layers: [alpine(machine), [file(path, make(machine))]],
    process,
  })
  return faulty({
    id,
    on: platforms,
    beside: [],
    wrong: contents(glibcProgram),
    right: contents(muslProgram),
    finds: [{rule: 'missing-interpreter', path, says: 'ld-linux'}],
  })
}

/** Built on bookworm, published on bullseye; mended, it is published on what it was built on. */
function libcTooOld(id: string, path: string, process: Process, beside: Files = () => []): Recipe {
  const contents = (glibc: string) => (machine: MachineName) => ({
    layers: [debian(machine, {glibc}), [file(path, glibcProgram(machine, '2.34')), ...beside(machine)]],
    process,
  })
  return faulty({
    id,
    on: 'linux/amd64',
    beside: [],
    wrong: contents(GLIBC.bullseye),
    right: contents(GLIBC.bookworm),
    finds: [{rule: 'libc-too-old', path, says: 'GLIBC_2.34'}],
  })
}
