import {alpine, debian, file, script} from './files.ts'
import {goProgram, type MachineName, muslProgram} from './machines.ts'
import {type Contents, type Fault, type Files, faulty, type Recipe} from './recipe.ts'

/**
 * Category script-or-mode: the right programs, and a file that cannot be started for its
 * mode, its first line or what it names.
 */
export const SCRIPT: readonly Recipe[] = [
  mode(
    'INC-115',
    '/app/entrypoint.sh',
    () => Buffer.from('#!/bin/sh\nexec /app/isley\n'),
    alpine,
    machine => [file('app/isley', goProgram(machine))],
  ),
  mode('INC-117', '/unpackerr', goProgram, undefined, () => [], ['linux/amd64', 'linux/arm64', 'linux/arm/v7']),
  mode('INC-119', '/otelcol', goProgram, undefined),
  mode('INC-121', '/usr/bin/railway', muslProgram, alpine),
  // Shell form on scratch.
  start('INC-123', () => [], {
    process: {Entrypoint: ['/bin/sh', '-c', '/rcon-cli']},
    mended: {process: {Entrypoint: ['/rcon-cli']}},
    files: machine => [file('rcon-cli', goProgram(machine))],
    finds: [{rule: 'missing-program', path: '/bin/sh'}],
  }),
  start('INC-125', alpine, {
    on: ['linux/arm64', 'linux/arm/v7'],
    beside: ['linux/amd64'],
    process: {Entrypoint: ['/entrypoint.sh']},
    files: () => [script('entrypoint.sh', '#!/bin/bash', 'exec ./alist server --no-prefix')],
    mended: {files: () => [script('entrypoint.sh', '#!/bin/sh', 'exec ./alist server --no-prefix')]},
    both: machine => [file('alist', goProgram(machine))],
    finds: [{rule: 'missing-interpreter', path: '/entrypoint.sh', says: '/bin/bash'}],
  }),
  start('INC-127', alpine, {
    process: {WorkingDir: '/app', Cmd: ['/bin/sh', '-c', 'bin/maxwell-docker']},
    files: () => [],
    mended: {files: machine => [file('bin/bash', muslProgram(machine))]},
    both: machine => [
      script('app/bin/maxwell-docker', '#!/bin/bash', 'exec java -cp "/app/lib/*" com.zendesk.maxwell.Maxwell'),
      file('usr/bin/java', muslProgram(machine)),
    ],
    finds: [{rule: 'missing-interpreter', path: 'bin/maxwell-docker', says: '/bin/bash'}],
  }),
  start('INC-129', debian, {
    process: {Entrypoint: ['/usr/bin/entrypoint.sh']},
    files: () => [script('usr/bin/entrypoint.sh', '#!/usr/bin/env bash\r', 'exec sleep infinity\r')],
    mended: {files: () => [script('usr/bin/entrypoint.sh', '#!/usr/bin/env bash', 'exec sleep infinity')]},
    finds: [{rule: 'bad-shebang', path: '/usr/bin/entrypoint.sh', says: 'carriage return'}],
  }),
  // "exec …: no such file or directory" is execve's own: the script was found, what its first line names was not.
  start('INC-131', () => [], {
    on: 'linux/arm64',
    beside: ['linux/amd64'],
    process: {Entrypoint: ['/app/entrypoint.sh']},
    files: () => [],
    mended: {files: alpine},
    both: machine => [
      script('app/entrypoint.sh', '#!/bin/sh', 'exec /app/authelia "$@"'),
      file('app/authelia', goProgram(machine)),
    ],
    finds: [{rule: 'missing-interpreter', path: '/app/entrypoint.sh', says: '/bin/sh'}],
  }),
]

/** Copied without its execute bits; mended, with mode 0755. */
function mode(
  id: string,
  path: string,
  make: (machine: MachineName) => Uint8Array,
  base: Files | undefined,
  beside: Files = () => [],
  on: readonly string[] = ['linux/amd64'],
): Recipe {
  const contents = (bits: number) => (machine: MachineName) => ({
    layers: [[...(base?.(machine) ?? []), ...beside(machine)], [file(path, make(machine), bits)]],
    process: {Entrypoint: [path]},
  })
  return faulty({
    id,
    on,
    beside: [],
    wrong: contents(0o644),
    right: contents(0o755),
    finds: [{rule: 'not-executable', path, says: 'execute permission'}],
  })
}

interface Start extends Pick<Fault, 'on' | 'beside' | 'finds'> {
  readonly process: Contents['process']
  /** As published. */
  readonly files: Files
  /** What was mended. */
  readonly mended: {readonly files?: Files; readonly process?: Contents['process']}
  /** Files that are right in both. */
  readonly both?: Files
}

function start(
  id: string,
  base: Files,
  {process, files, mended, both, on = 'linux/amd64', beside = [], finds}: Start,
): Recipe {
  const contents = (made: Files, started: Contents['process']) => (machine: MachineName) => ({
    layers: [[...base(machine), ...(both?.(machine) ?? [])], made(machine)].filter(layer => layer.length > 0),
    process: started,
  })
  return faulty({
    id,
    on,
    beside,
    wrong: contents(files, process),
    right: contents(mended.files ?? files, mended.process ?? process),
    finds,
  })
}
