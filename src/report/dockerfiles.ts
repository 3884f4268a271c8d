import type {BaseAnswer} from '../dockerfile/index.ts'
import type {DockerfileFacts} from '../facts/facts.ts'
import {defined} from '../lib/defined.ts'
import {formatPlatform} from '../platform/index.ts'
import type {ReportBase, ReportDockerfile} from './report.ts'

/** What was read of a Dockerfile, and what its bases' registries said. */
export function reportDockerfile({file, parsed, bases}: DockerfileFacts): ReportDockerfile {
  return {
    file,
    ...(parsed.ok ? {} : {problem: {line: parsed.line, message: parsed.problem}}),
    stages: !parsed.ok
      ? []
      : parsed.value.stages.map(({name, from}) => ({
          ...defined({name}),
          line: from.line,
          base: from.image,
          ...defined({platform: from.platform}),
        })),
    bases: Array.from(bases, ([reference, answer]) => reportBase(reference, answer)),
  }
}

function reportBase(reference: string, answer: BaseAnswer): ReportBase {
  switch (answer.kind) {
    case 'index':
      return {reference, kind: 'index', digest: answer.digest, platforms: answer.platforms.map(formatPlatform)}
    case 'manifest':
      return {
        reference,
        kind: 'manifest',
        digest: answer.digest,
        platforms: answer.platform === undefined ? [] : [formatPlatform(answer.platform)],
        ...defined({index: answer.tagged?.digest}),
      }
    case 'unknown':
      return {reference, kind: 'unknown', platforms: [], reason: answer.reason}
  }
}

/**
 * A Dockerfile in one line: its stages and how many bases were asked. May hold text
 * of the file: escape it for the medium.
 */
export function describeDockerfile({file, problem, stages, bases}: ReportDockerfile): string {
  if (problem !== undefined) return `${file}: not read, because of line ${problem.line}`
  const asked = bases.filter(({kind}) => kind !== 'unknown').length
  const counted = `${stages.length} stage${stages.length === 1 ? '' : 's'}`
  return bases.length === 0
    ? `${file}: ${counted}, no base image to check`
    : `${file}: ${counted}, ${asked} of ${bases.length} base image${bases.length === 1 ? '' : 's'} checked`
}
