// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text
import type {ImageFolder} from '../image-folder.ts'
import type {Shape} from '../shape.ts'
import {APP, PROGRAM, tarOf} from '../tars.ts'

const MIB = 2 ** 20
/** Near to a MiB of this text again and again. */
const full = (text: string): string => text.repeat(Math.floor((MIB - 100) / text.length))

/** Start scripts that take time or memory to be read or followed. */
export const SCRIPTS: readonly Shape[] = [
  script('a script of a MiB', 'script-bytes', full('#\n'), 'verified'),
  script('a script of more than a MiB', 'script-bytes', `${full('#\n')}${'#'.repeat(200)}\n`),
  script('a value doubled 40 times', 'script-value', `X=a\n${'X=$X$X\n'.repeat(40)}`),
  script('a value doubled by a loop', 'script-value', 'X=a\nwhile :; do X=$X$X; done'),
  script('4,000,000 words', 'script-words', `X="${'a '.repeat(120_000)}"\nset -- $X $X $X $X`),
  script('parameters doubled', 'script-words', `set -- a\n${'set -- "$@" "$@"\n'.repeat(40)}`),
  script('subshells that look like arithmetic', undefined, full("((echo '(');true)\n")),
  script('unfinished arithmetic', undefined, full('((a) ')),
  script('substitutions that look like arithmetic', undefined, full(': $((a) b)\n')),
  script('arithmetic in arithmetic', undefined, full('$((')),
  script('parentheses in parentheses', undefined, full('( ')),
  script('substitutions in substitutions', undefined, full('$(')),
  script('groups in groups', undefined, full('{ ')),
  script('braces of expansions', undefined, `: ${full('${x:-')}`),
  script('cases in cases', undefined, full('case a in a) ')),
  script('ifs in ifs', undefined, full('if ')),
  script('functions in functions', undefined, full('f() { ')),
  script('quotes in substitutions', undefined, full('"$(')),
  script('backquotes and backslashes', undefined, full('`\\')),
  script('a long suffix pattern', 'script-work', `X=${'a'.repeat(250_000)}\n${': ${X##*b} ${X%%b*}\n'.repeat(5000)}`),
  script(
    'patterns of many stars',
    'script-work',
    `X=${'a'.repeat(100_000)}\n${`: \${X##${'*a'.repeat(50)}b}\n`.repeat(1000)}`,
  ),
  script('a pattern of brackets', undefined, `X=aaaa\ncase $X in ${'['.repeat(900_000)}) :;; esac`, 'verified'),
  script('an endless loop', undefined, 'while :; do :; done', 'verified'),
  script('loops in loops', undefined, `${'for a in 1 2 3 4 5 6 7 8 9; do '.repeat(50)}:;${' done;'.repeat(50)}`),
  script('a here-document of a MiB', undefined, `cat <<E >/f\n${full('$X `true`\n')}\nE`),
  script('100,000 here-documents', undefined, `cat ${'<<E '.repeat(100_000)}\n${'a\nE\n'.repeat(100_000)}`, 'verified'),
  script('a script that sources itself twice', undefined, '. /e.sh; . /e.sh'),
  script('a script that execs itself', undefined, 'exec /e.sh "$@" a'),
  script('a script that runs itself twice', undefined, '/e.sh a; /e.sh b; /e.sh "$1$1"'),
  script('a function that calls itself twice', undefined, 'f() { f "$1$1" a; f "$@" b; }\nf a'),
  script('substitutions of a function that calls itself', undefined, 'X=a\nf() { X="$X$(f)$(f)"; }\nf'),
  script('an eval that grows', undefined, 'X=":"\nwhile :; do X="$X; $X"; eval "$X"; done'),
  script('10,000 functions', undefined, Array.from({length: 10_000}, (_, at) => `f${at}() { f${at + 1}; }\n`).join('')),
  script('50,000 variables and subshells', undefined, `${variables(50_000)}${'(:)\n'.repeat(10_000)}`),
  script('files that are made and copied', 'start-steps', `mkdir /d\n${touches(10_000)}cp -r / /e\n`),
  script(
    'files that are moved over each other',
    undefined,
    `mkdir /d\n${touches(1500)}${'mv /d /c; mv /c /d\n'.repeat(3000)}`,
  ),
  script(
    'a file that doubles',
    undefined,
    `echo aaaa > /f\n${'cat /f /f > /g; cat /g > /f\n'.repeat(4000)}`,
    'verified',
  ),
  script('globs of everything', undefined, full(': /*/*/*/*\n')),
  script('brace expansions', 'script-words', `: ${'{a,b}'.repeat(1000)}`),
  script(
    'a range of a billion',
    undefined,
    'for i in {1..1000000000}; do :; done\nfor i in $(seq 1 1000000000); do :; done',
    'verified',
  ),
  script(
    'IFS of many letters',
    undefined,
    `IFS=${'bcd'.repeat(80_000)}\nX=${'a'.repeat(200_000)}\n${': $X\n'.repeat(5000)}`,
  ),
  script('a sed script that grows', undefined, `X=a\n${'X=$(echo "$X" | sed "s/a/aa/g")\n'.repeat(60)}`, 'verified'),
  script('long tests', undefined, `[ ${'! '.repeat(400_000)} a ]`),
  script(
    'long arithmetic',
    undefined,
    `: $((${'1+'.repeat(400_000)}1))\n: $((${'(1+'.repeat(1000)}1${')'.repeat(1000)}))`,
  ),
  script('shifts of big numbers', undefined, `: $((${'1<<62<<'.repeat(100_000)}1)) $((9**9**9**9))`),
  manyScripts('200 scripts that call two others each', 200, 2),
  manyScripts('2,000 scripts that call the next', 2000, 1),
  shebangs("five scripts that are each other's interpreter", 5, 'script-interpreters'),
  shebangs("100,000 scripts that are each other's interpreter", 100_000, 'script-interpreters'),
  {
    name: 'a script that is its own interpreter',
    outcome: {rule: 'bad-shebang'},
    make: image => putFiles(image, {app: '#!/app\n'}),
  },
  {
    name: 'a first line of a hundred MiB',
    limit: 'shebang-bytes',
    outcome: {rule: 'bad-shebang'},
    make: image => putFiles(image, {app: `#!/${'a'.repeat(100 * MIB)}`}),
  },
]

export function script(
  name: string,
  limit: Shape['limit'],
  text: string,
  outcome: Shape['outcome'] = {rule: 'undetermined'},
): Shape {
  return {
    name,
    ...(limit === undefined ? {} : {limit}),
    outcome,
    carriers: ['layout'],
    make: image => putFiles(image, {'e.sh': `#!/bin/sh\n${text}\nexec /app\n`}, ['/e.sh']),
  }
}

export async function putFiles(
  image: ImageFolder,
  files: Readonly<Record<string, string | Uint8Array>>,
  Entrypoint: readonly string[] = ['/app'],
): Promise<void> {
  const tools = ['sh', 'cat', 'touch', 'mkdir', 'cp', 'mv', 'sed', 'true', 'seq', 'echo', 'env', 'date']
  const layer = await image.putLayer(
    tarOf(
      APP,
      ...tools.map(tool => ({...APP, name: `bin/${tool}`, content: PROGRAM})),
      ...Object.entries(files).map(([name, content]) => ({name, mode: 0o755, content})),
    ),
  )
  await image.setRoot(await image.putImage({layers: [layer], config: {Entrypoint, Env: ['PATH=/bin']}}))
}

function manyScripts(name: string, count: number, calls: number): Shape {
  const files = Array.from({length: count}, (_, at) => {
    const called = Array.from({length: calls}, (_, call) => `/s${(at * calls + call + 1) % count}\n`)
    return [`s${at}`, `#!/bin/sh\n${called.join('')}`] as const
  })
  return {
    name,
    outcome: {rule: 'undetermined'},
    make: image => putFiles(image, Object.fromEntries(files), ['/s0']),
  }
}

function shebangs(name: string, count: number, limit: NonNullable<Shape['limit']>): Shape {
  const files = Array.from({length: count}, (_, at) => [`s${at}`, `#!${at === count - 1 ? '/app' : `/s${at + 1}`}\n`])
  return {
    name,
    limit,
    outcome: count <= 5 ? 'verified' : {rule: 'bad-shebang'},
    make: image => putFiles(image, Object.fromEntries(files), ['/s0']),
  }
}

function variables(count: number): string {
  return Array.from({length: count}, (_, at) => `V${at}=1\n`).join('')
}

function touches(count: number): string {
  return Array.from({length: count}, (_, at) => `touch /d/f${at}\n`).join('')
}
