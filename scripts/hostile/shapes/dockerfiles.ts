// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what a Dockerfile has
import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import type {Scene} from '../shape.ts'

const MIB = 2 ** 20
const full = (text: string): string => text.repeat(Math.floor((MIB - 1000) / text.length))
const FROM = 'FROM scratch\n'

/** Dockerfiles that are long, deep or wide. */
export const DOCKERFILES: readonly Scene[] = [
  dockerfile('a MiB of comments', 'dockerfile-bytes', 'verified', `${FROM}${full('#\n')}`),
  dockerfile('more than a MiB', 'dockerfile-bytes', 'could-not-check', `${FROM}${full('#\n')}${'#'.repeat(2000)}`),
  dockerfile('expansions 64 deep', 'dockerfile-nesting', 'verified', `ARG A=${nested(60)}\n${FROM}`),
  dockerfile(
    'expansions 150,000 deep',
    'dockerfile-nesting',
    {rule: 'undetermined'},
    `ARG A=${nested(150_000)}\n${FROM}`,
  ),
  dockerfile(
    'expansions that nobody ends',
    'dockerfile-nesting',
    {rule: 'undetermined'},
    `ARG A=${full('${A:-')}\n${FROM}`,
  ),
  dockerfile('a value doubled', undefined, undefined, `ARG A=a\n${FROM}${full('ENV A=$A$A\n')}`),
  dockerfile('a base doubled', undefined, undefined, `ARG A=a\n${'ARG A=$A$A\n'.repeat(60)}FROM $A\n`),
  dockerfile(
    'patterns',
    undefined,
    undefined,
    `ARG A=${'a'.repeat(2000)}\n${FROM}${'ENV B=${A#*a*a*a*a*b}\n'.repeat(30_000)}`,
  ),
  dockerfile('1,000 stages', 'dockerfile-stages', 'verified', FROM.repeat(1000)),
  dockerfile('80,000 stages', 'dockerfile-stages', {rule: 'undetermined'}, full(FROM)),
  dockerfile('70,000 variables', undefined, 'verified', `${FROM}${variables('1')}`),
  dockerfile(
    'a value of 128 KiB in 50,000 variables',
    'dockerfile-value',
    'verified',
    `${FROM}ENV A=${'a'.repeat(131_000)}\n${variables('$A', MIB - 140_000)}`,
  ),
  dockerfile(
    'a value of more than 128 KiB',
    'dockerfile-value',
    {rule: 'undetermined'},
    `${FROM}ENV A=${'a'.repeat(100_000)}\nENV B=$A$A\n`,
  ),
  dockerfile('200 stages of 999 triggers', 'dockerfile-steps', 'verified', triggers(999, 199)),
  dockerfile('900 stages of 30,000 triggers', 'dockerfile-steps', {rule: 'undetermined'}, triggers(30_000, 900)),
  dockerfile('continued lines', undefined, undefined, `${FROM}RUN ${full('\\\n')}`),
]

function dockerfile(name: string, limit: Scene['limit'], outcome: Scene['outcome'] | undefined, text: string): Scene {
  return {
    name: `a Dockerfile: ${name}`,
    ...(limit === undefined ? {} : {limit}),
    outcome: outcome ?? 'ended',
    prepare: async folder => {
      await writeFile(join(folder, 'Dockerfile'), text)
      return {args: ['--dockerfile', 'Dockerfile', '--platforms', 'linux/amd64'], cwd: folder, stop: async () => {}}
    },
  }
}

/** Near to a MiB of variables, each of this value. */
function variables(value: string, most = MIB - 5000): string {
  return Array.from({length: 70_000}, (_, at) => `ENV B${at}=${value}\n`)
    .join('')
    .slice(0, most)
    .replace(/[^\n]*$/, '')
}

/** A stage with so many triggers, which so many others stand on. */
function triggers(count: number, stages: number): string {
  return `FROM scratch AS s\n${'ONBUILD USER a\n'.repeat(count)}${'FROM s\n'.repeat(stages)}`
}

function nested(depth: number): string {
  return `${'${A:-'.repeat(depth)}a${'}'.repeat(depth)}`
}
