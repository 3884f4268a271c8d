// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text
import {OVERLAY_3} from '../../../__tests__/exec/services/overlay-trees.ts'
import type {Shape} from '../shape.ts'
import {PROGRAM} from '../tars.ts'
import {putFiles, script} from './scripts.ts'

const MIB = 2 ** 20
const lines = (count: number, line: (at: number) => string): string =>
  Array.from({length: count}, (_, at) => `${line(at)}\n`).join('')
/** What is in a script beside its text. */
const HEAD = '#!/bin/sh\n'
const END = '\nexec /app\n'

/** Starts that are long, deep or wide: at the limits of what is followed, and beyond. */
export const STARTS: readonly Shape[] = [
  script(
    '9,999 commands',
    'script-commands',
    lines(9999, () => ':'),
    'verified',
  ),
  script(
    '10,001 commands',
    'script-commands',
    lines(10_001, () => ':'),
  ),
  script('functions 28 deep', 'script-nesting', `${chain(28)}{ f0; }`, 'verified'),
  script('functions 100 deep', 'script-nesting', `${chain(100)}f0`),
  script('eval of three MiB', 'script-text', evals(12), 'verified'),
  script('eval of more than four MiB', 'script-text', evals(20)),
  script('a value of 262,144 characters', 'script-value', `X=${'a'.repeat(262_144)}`, 'verified'),
  script('values of 15 MiB together', 'script-values', values(15), 'verified'),
  script('values of more than 16 MiB together', 'script-values', values(70)),
  script('3,990 words', 'script-words', `set -- ${'a '.repeat(3990)}`, 'verified'),
  script('1,990 files', 'script-files', `mkdir /d\n${lines(1990, at => `touch /d/f${at}`)}`, 'verified'),
  script('2,100 files', 'script-files', `mkdir /d\n${lines(2100, at => `: > /d/f${at}`)}`),
  script('480 places in doubt', 'script-doubts', doubts(480), 'verified'),
  script('600 places in doubt', 'script-doubts', doubts(600)),
  script('a loop of 64 rounds in one of 64', 'script-rounds', loops(64), 'verified'),
  script('env 20 deep', 'start-depth', `exec ${'env '.repeat(20)}/app`, 'verified'),
  script('env 100 deep', 'start-depth', `exec ${'env '.repeat(100)}/app`),
  many('190 programs', 190, 'verified'),
  many('300 programs', 300),
  services(1001),
  text('a text of 64 KiB', 64 * 1024, 'verified'),
  text('a text of more than 64 KiB', 64 * 1024 + 1),
  multiCall('names in order, 200 of them', 200, 1000, 'verified'),
  multiCall('names in order, millions of them', 2_000_000, 16 * MIB, 'verified'),
  multiCall('200 names, of more than 16 MiB', 200, 16 * MIB + 1),
]

/** Functions that call each other. */
function chain(count: number): string {
  return `${lines(count, at => `f${at}() { f${at + 1}; }`)}f${count}() { :; }\n`
}

/** Evaluates a quarter of a MiB so many times. */
function evals(count: number): string {
  return `X=": ${'a'.repeat(260_000)}"\n${'eval "$X"\n'.repeat(count)}`
}

/** Makes values of so many MiB together. */
function values(mebibytes: number): string {
  return `X=${'a'.repeat(200_000)}\n${'Y=$X\n'.repeat(Math.floor((mebibytes * MIB) / 200_000 / 4))}`
}

function doubts(count: number): string {
  return lines(count, at => `[ "$(date)" ] && : > /d${at}`)
}

/** A loop in another of 64 rounds. */
function loops(rounds: number): string {
  const words = Array.from({length: rounds}, (_, at) => `w${at}`).join(' ')
  return `for A in ${words}; do for B in ${words}; do C=$A$B; done; done`
}

/** A script that starts so many programs. */
function many(name: string, programs: number, outcome: Shape['outcome'] = {rule: 'undetermined'}): Shape {
  const files = Object.fromEntries(Array.from({length: programs}, (_, at) => [`bin/p${at}`, PROGRAM]))
  const calls = lines(programs, at => `p${at}`)
  return {
    ...{name: `a script with ${name}`, limit: 'start-files', outcome},
    carriers: ['layout'],
    make: image => putFiles(image, {...files, 'e.sh': `${HEAD}${calls}${END}`}, ['/e.sh']),
  }
}

/** s6-overlay with so many services. */
function services(count: number): Shape {
  const overlay = Object.entries(OVERLAY_3).flatMap(([path, entry]): [string, string | Uint8Array][] => {
    const content = typeof entry === 'object' && 'content' in entry ? entry.content : entry
    return typeof content === 'string' || content instanceof Uint8Array ? [[path.slice(1), content]] : []
  })
  const more = Array.from({length: count}, (_, at) => [`etc/s6-overlay/s6-rc.d/s${at}/type`, 'bundle\n'] as const)
  return {
    ...{name: `${count.toLocaleString('en')} services`, limit: 'script-services', outcome: {rule: 'undetermined'}},
    carriers: ['layout'],
    make: image => putFiles(image, Object.fromEntries([...overlay, ...more]), ['/init']),
  }
}

/** A script that starts what stands behind a file's text. */
function text(name: string, bytes: number, outcome: Shape['outcome'] = {rule: 'undetermined'}): Shape {
  const read = 'X=$(cat /text)\nexec "${X%%b*}"\n'
  return {
    ...{name: `a script that reads ${name}`, limit: 'script-read-bytes', isUnnamed: true, outcome},
    carriers: ['layout'],
    make: image => putFiles(image, {text: '/app'.padEnd(bytes, 'b'), 'e.sh': `${HEAD}${read}`}, ['/e.sh']),
  }
}

/** A script that runs an applet of a busybox with so many names in it. */
function multiCall(
  name: string,
  count: number,
  bytes: number,
  outcome: Shape['outcome'] = {rule: 'undetermined'},
): Shape {
  const names = Array.from({length: count}, (_, at) => `c${at.toString(36).padStart(5, '0')}`)
  const table = Buffer.from(`\0ash\0cat\0${names.join('\0')}\0echo\0ls\0sh\0true\0`, 'latin1')
  const content = Buffer.concat([PROGRAM, table, Buffer.alloc(Math.max(0, bytes - PROGRAM.length - table.length))])
  return {
    ...{name: `a busybox of ${name}`, limit: 'busybox-bytes', outcome},
    carriers: ['layout'],
    make: image => putFiles(image, {'bin/busybox': content, 'e.sh': `${HEAD}busybox echo a${END}`}, ['/e.sh']),
  }
}
