// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text
import {describe, expect, test} from '@jest/globals'
import {program} from '../../scripts/kernel/elf.ts'
import {Budget, type Limit, OverBudget, UNITS} from '../../src/exec/budget.ts'
import {readStartup, type Startup} from '../../src/exec/index.ts'
import {parseShell} from '../../src/exec/shell/parse.ts'
import {LIMITS} from '../../src/lib/limits.ts'
import {cpuTime} from '../support/cpu-time.ts'
import {imageConfig} from '../support/image-config.ts'
import {executable, memoryRootfs} from '../support/memory-rootfs.ts'

const native = executable(program({}))
const BASE = Object.fromEntries(
  ['sh', 'app', 'touch', 'cat', 'mkdir', 'useradd', 'date'].map(name => [`/bin/${name}`, native]),
)

/** What follows from an entry script of this text. */
async function follow(text: string, args: readonly string[] = []): Promise<Startup> {
  return readStartup({
    config: imageConfig({entrypoint: ['/e.sh', ...args], env: ['PATH=/bin', 'W=a']}),
    rootfs: memoryRootfs({...BASE, '/e.sh': executable(`#!/bin/sh\n${text}`)}),
    platform: {os: 'linux', architecture: 'amd64', variant: ''},
  })
}

const startsApp = ({steps}: Startup) =>
  steps.some(({path, certainty}) => path === '/bin/app' && certainty === 'certain')
const over = (limit: Limit) => expect.stringContaining(new OverBudget(limit).message)
const END = '\nexec /bin/app\n'
const most = LIMITS['script-words'].most

/** A variable of 2^power letters. */
const doubled = (power: number) => `X=a\n${'X=$X$X\n'.repeat(power)}`
/** Functions that call each other. */
const chain = (count: number) =>
  `${Array.from({length: count}, (_, index) => `f${index}() { f${index + 1}; }\n`).join('')}f${count}() { :; }\n`

const TESTED = ['commands', 'nesting', 'bytes', 'text', 'value', 'values', 'words', 'files', 'doubts', 'work']

describe('at a limit a script is followed, over it not', () => {
  test.each<[Limit, string, string]>([
    ['commands', ':\n'.repeat(9_999), ':\n'.repeat(10_000)],
    // The body of a function is a command, and so is what is in it.
    ['nesting', `${chain(28)}{ f0; }`, `${chain(28)}{ { f0; }; }`],
    ['bytes', ` ${'#'.repeat(LIMITS['script-bytes'].most - 11 - END.length)}`, '#'.repeat(LIMITS['script-bytes'].most)],
    ['text', `${doubled(17)}${'eval ": $X"\n'.repeat(30)}`, `${doubled(17)}${'eval ": $X"\n'.repeat(33)}`],
    ['value', doubled(18), doubled(19)],
    ['values', `${doubled(18)}${'Y=$X\n'.repeat(28)}`, `${doubled(18)}${'Y=$X\n'.repeat(70)}`],
    ['words', `set -- ${'a '.repeat(most - 2)}`, `set -- ${'a '.repeat(most - 1)}`],
    ['files', touch(0, 2000), touch(0, 2001)],
    ['doubts', redirectUnknown(450), redirectUnknown(501)],
    ['work', `${doubled(17)}${': ${X##*b}\n'.repeat(10)}`, `${doubled(18)}${': ${X##*b*c*d*e*}\n'.repeat(200)}`],
  ])('%s', async (limit, within, beyond) => {
    const followed = await follow(within + END)
    expect(followed.undetermined).toBeUndefined()
    expect(startsApp(followed)).toBe(true)
    const left = await follow(beyond + END)
    expect(left.undetermined).toEqual(over(limit))
    expect(startsApp(left)).toBe(false)
  })

  test('the table has no limit that is not tested here', () => {
    // Services are no matter of scripts: __tests__/exec/services/overlay.test.ts.
    expect(Object.keys(UNITS)).toEqual([...TESTED, 'services'])
  })
})

function touch(from: number, to: number): string {
  return Array.from({length: Math.ceil((to - from) / 100)}, (_, row) => {
    const names = Array.from({length: Math.min(100, to - from - row * 100)}, (_, at) => `/f${from + row * 100 + at}`)
    return `touch ${names.join(' ')}\n`
  }).join('')
}

/** Each may be written or not: that is a doubt each. */
function redirectUnknown(count: number): string {
  return Array.from({length: count}, (_, at) => `[ "$(date)" ] && : > /d${at}\n`).join('')
}

describe('what would hang or overflow is left in time', () => {
  const big = 'a'.repeat(250_000)
  test.each<[string, string]>([
    ['a value doubled 26 times', doubled(26)],
    ['125,000 words in set --', `set -- ${'a '.repeat(125_000)}`],
    ['125,000 words of an expansion', `X="${'a '.repeat(120_000)}"\nset -- $X`],
    ['parameters doubled 26 times', `set -- a\n${'set -- "$@" "$@"\n'.repeat(26)}`],
    ['one word of many parameters', `set -- ${'a '.repeat(3000)}\nX="${'$@'.repeat(10_000)}"`],
    ['IFS of 100,000 characters', `IFS=${'b'.repeat(100_000)}\nX=${'a'.repeat(100_000)}\n${': $X\n'.repeat(1000)}`],
    ['IFS over 250,000 characters', `IFS=a\nX=${big}\nset -- $X`],
    ['a prefix of a long value', `X=${big}\n${': ${X##*b} ${X#*b}\n'.repeat(1000)}`],
    ['a suffix of a long value', `X=${big}\n${': ${X%%b*} ${X%b*}\n'.repeat(1000)}`],
    ['a pattern with many stars', `X=${big}\n: \${X##${'*a'.repeat(500)}b}`],
    ['a case with many stars', `X=${big}\n${`case $X in ${'*aa'.repeat(500)}b) :;; esac\n`.repeat(20)}`],
    ['a pattern of brackets', `X=${big}\ncase $X in ${'['.repeat(100_000)}) :;; ${'[!'.repeat(50_000)}]) :;; esac`],
    ['a set of many letters', `X=${big}\n: \${X##*[${'bcde'.repeat(20_000)}]}`],
    ['parentheses that look like arithmetic', "((echo '(');true)\n".repeat(50_000)],
    ['expansions that look like arithmetic', `echo ${"$((echo '(');true)".repeat(50_000)}`],
    ['assignments that look like arrays', `export ${'a[ '.repeat(300_000)}`],
    ['here-documents', `${'cat <<E\n$X\nE\n'.repeat(70_000)}`],
    ['here-documents on one line', `cat ${'<<E '.repeat(100_000)}\n${'a\n'.repeat(100_000)}`],
    ['nested quotes', '"$('.repeat(300_000)],
    ['nested expansions', `echo ${'${x:-'.repeat(150_000)}`],
    ['nested arithmetic', `echo ${'$(('.repeat(300_000)}`],
    ['nested tests', `[[ ${'( '.repeat(3000)} a ]]\n[ ${'! '.repeat(3000)} a ]`],
    ['loops in loops', `${'for a in 1 2 3 4 5 6 7 8 9; do '.repeat(40)}:;${' done;'.repeat(40)}`],
    ['loops of unknown length in loops', `${'for a in /x*; do '.repeat(40)}/bin/app;${' done;'.repeat(40)}`],
    ['a loop that makes files', `X=a\n${'while [ -n "$X" ]; do X=$X/a; mkdir -p $X; '.repeat(4)}${' done;'.repeat(4)}`],
    ['a value that may be two, and doubles', `X=a; date && X=bb\n${'X=$X$X\n'.repeat(40)}`],
    ['a value that may be anything, and doubles', `X=a; date && X=$(date)\n${'X=$X$X\n'.repeat(40)}`],
    ['many variables', `${Array.from({length: 5000}, (_, at) => `V${at}=1`).join('\n')}\n${'(:)\n'.repeat(4000)}`],
    ['many exported variables', `X=${big}\nexport X\n${'/bin/app\n'.repeat(4000)}`],
    ['many files', `${touch(0, 1900)}${'touch /f1\n'.repeat(5000)}`],
    ['a file that grows', `echo a > /f\n${'cat /f /f > /g; cat /g > /f\n'.repeat(2000)}`],
    ['a script that reads itself', '. /e.sh; . /e.sh'],
    ['a substitution in a substitution', `X=a\nf() { X="$X$(f)$(f)"; }\nf`],
  ])('%s', async (_, text) => {
    const began = cpuTime()
    const {steps} = await follow(text + END)
    expect(steps[0]?.path).toBe('/e.sh')
    // A second of the processor; twenty leave room for a slow one, and what hangs takes minutes.
    expect(cpuTime() - began).toBeLessThan(20_000)
  })

  test('the parser charges what it reads ahead', () => {
    const text = "((echo '(');true)\n".repeat(50_000)
    const budget = new Budget()
    budget.charge('work', budget.mostOf('work') - text.length + 1)
    expect(() => parseShell(text, budget)).toThrow(new OverBudget('work'))
  })
})
