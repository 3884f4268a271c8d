import {type BaseAnswers, buildsOf, lintBuilds} from '../../src/dockerfile/index.ts'
import {parseDockerfile} from '../../src/dockerfile/parse.ts'
import type {DockerfileFacts} from '../../src/facts/facts.ts'
import type {Platform} from '../../src/platform/index.ts'

/** What is gathered of a Dockerfile, whose bases were asked already. */
export function testDockerfile(
  text: string,
  {
    file = 'Dockerfile',
    platforms,
    bases = new Map(),
  }: {readonly file?: string; readonly platforms?: readonly Platform[] | undefined; readonly bases?: BaseAnswers} = {},
): DockerfileFacts {
  const parsed = parseDockerfile(text)
  const lint = parsed.ok ? lintBuilds(buildsOf(parsed.value, {platforms}), bases) : undefined
  return {file, parsed, bases, lint}
}
