import {describe, readServerError} from '../../binary/index.ts'
import {defined} from '../../lib/defined.ts'
import type {NotProgram} from '../../scan/index.ts'
import type {Level} from '../finding.ts'
import {type CheckedPlatform, chainPaths, type PlatformViolation} from '../rule.ts'
import {commonDirectory, describeDirectories, describeLayer, groupEvidence, groupFiles} from './scan-groups.ts'
import {usualCause} from './usual-cause.ts'

/** Files with an execute bit in a directory of PATH that the kernel refuses, one finding for each kind and layer. */
export function* notPrograms({platform, name}: CheckedPlatform): Generator<PlatformViolation> {
  const known = chainPaths(platform)
  const files = (platform.scan?.notPrograms ?? []).filter(({path}) => !known.has(path))
  for (const group of groupFiles(files, file => ({level: notProgramLevel(file), key: kindOf(file)}))) {
    const layer = group.layer === undefined ? undefined : platform.layers[group.layer]
    const [first] = group.files
    const usual = first.seen.kind === 'other' ? usualCause(first.seen.identity) : undefined
    const paths = group.files.map(({path}) => path)
    const common = {level: group.level, ...defined({layer: layer?.index, fix: usual?.fix})}
    if (group.files.length === 1) {
      const where = first.link === undefined ? first.path : `${first.link} -> ${first.path}`
      yield {
        ...common,
        path: first.link ?? first.path,
        message: `${where} is in PATH and is not a program for ${name}: ${describeFile(first)}${usual ? ` (${usual.cause})` : ''}`,
        evidence: {
          path: first.link ?? first.path,
          resolved: first.path,
          kind: first.seen.kind === 'other' ? first.seen.identity.kind : 'elf',
          what: describeFile(first),
          layer: group.layer ?? null,
        },
      }
    } else {
      yield {
        ...common,
        path: commonDirectory(paths),
        message: `${paths.length} files in PATH (${describeDirectories(paths)}) are not programs for ${name}: ${describeFile(first)}${usual ? ` (${usual.cause})` : ''}, for one${describeLayer(layer)}`,
        evidence: {...groupEvidence(paths), what: describeFile(first), layer: group.layer ?? null},
      }
    }
  }
}

/**
 * An error where it is a program for another system, or a download that failed: both are as sure to fail as a program
 * for another machine. A shell runs
 * a text without `#!` itself. Of all else nobody may ever ask.
 */
export function notProgramLevel({seen}: NotProgram): Level {
  if (seen.kind === 'elf') return 'warning'
  const {kind} = seen.identity
  if (kind === 'mach-o' || kind === 'pe' || kind === 'git-lfs-pointer') return 'error'
  if (readServerError(seen.identity) !== undefined) return 'error'
  return kind === 'text' || kind === 'json' || kind === 'ape' ? 'note' : 'warning'
}

/** What makes files alike. */
function kindOf({seen}: NotProgram): string {
  return seen.kind === 'elf' ? 'elf' : seen.identity.kind
}

function describeFile({seen}: NotProgram): string {
  if (seen.kind === 'other') return describe(seen.identity)
  const {reason, signal, os} = seen.refusal
  if (os !== undefined) return `${seen.what} for ${os}: ${reason}`
  if (signal !== undefined) return `${seen.what} that dies with ${signal}: ${reason}`
  return reason === seen.what ? reason : `${seen.what}: ${reason}`
}
