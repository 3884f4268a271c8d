// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text
import {describe, expect, test} from '@jest/globals'
import {follow} from './follow-script.ts'
import {holdsIn} from './holds-in.ts'

/*
 * `${@:-word}` and its like, XCU 2.6.2: parameters that are there stay words of their own. Each row is what bash 5.2,
 * dash 0.5.12 and busybox 1.38 have printed; the last two where they differ.
 */
const ROWS: readonly (readonly [params: string, word: string, bash: string, dash?: string])[] = [
  ['""', '"${@:-none}"', '<none>#1'],
  ['""', '${@:-none}', '<none>#1'],
  ['""', '"${@-none}"', '<>#1'],
  ['""', '"${@:+set}"', '<>#1'],
  ['""', '"${@+set}"', '<set>#1'],
  ['""', '"${*:-none}"', '<none>#1'],
  ['""', '"${*-none}"', '<>#1'],
  ['""', '"${*:+set}"', '<>#1'],
  ['""', '"${@%c}"', '<>#1'],
  ['""', '"${*%c}"', '<>#1'],
  ['""', '"${@#a}"', '<>#1'],
  ['""', 'x"${@:-no ne}"y', '<xno ney>#1'],
  ['"" ""', '"${@:-none}"', '<><>#2'],
  ['"" ""', '${@:-none}', '#0'],
  ['"" ""', '"${@-none}"', '<><>#2'],
  ['"" ""', '"${@:+set}"', '<set>#1'],
  ['"" ""', '"${@+set}"', '<set>#1'],
  ['"" ""', '"${*:-none}"', '< >#1'],
  ['"" ""', '"${*-none}"', '< >#1'],
  ['"" ""', '"${*:+set}"', '<set>#1'],
  ['"" ""', '"${@%c}"', '<><>#2'],
  ['"" ""', '"${*%c}"', '< >#1'],
  ['"" ""', '"${@#a}"', '<><>#2'],
  ['"" ""', 'x"${@:-no ne}"y', '<x><y>#2'],
  ['"" ""', '"${@:?}"', '<><>#2'],
  ['" "', '"${@:-none}"', '< >#1'],
  ['" "', '${@:-none}', '#0'],
  ['" "', '"${@-none}"', '< >#1'],
  ['" "', '"${@:+set}"', '<set>#1'],
  ['" "', '"${@+set}"', '<set>#1'],
  ['" "', '"${*:-none}"', '< >#1'],
  ['" "', '"${*-none}"', '< >#1'],
  ['" "', '"${*:+set}"', '<set>#1'],
  ['" "', '"${@%c}"', '< >#1'],
  ['" "', '"${*%c}"', '< >#1'],
  ['" "', '"${@#a}"', '< >#1'],
  ['" "', 'x"${@:-no ne}"y', '<x y>#1'],
  ['" "', '"${@:?}"', '< >#1'],
  ['a ""', '"${@:-none}"', '<a><>#2'],
  ['a ""', '${@:-none}', '<a>#1'],
  ['a ""', '"${@-none}"', '<a><>#2'],
  ['a ""', '"${@:+set}"', '<set>#1'],
  ['a ""', '"${@+set}"', '<set>#1'],
  ['a ""', '"${*:-none}"', '<a >#1'],
  ['a ""', '"${*-none}"', '<a >#1'],
  ['a ""', '"${*:+set}"', '<set>#1'],
  ['a ""', '"${@%c}"', '<a><>#2'],
  ['a ""', '"${*%c}"', '<a >#1'],
  ['a ""', '"${@#a}"', '<><>#2'],
  ['a ""', 'x"${@:-no ne}"y', '<xa><y>#2'],
  ['a ""', '"${@:?}"', '<a><>#2'],
  ['"" a', '"${@:-none}"', '<><a>#2'],
  ['"" a', '${@:-none}', '<a>#1'],
  ['"" a', '"${@-none}"', '<><a>#2'],
  ['"" a', '"${@:+set}"', '<set>#1'],
  ['"" a', '"${@+set}"', '<set>#1'],
  ['"" a', '"${*:-none}"', '< a>#1'],
  ['"" a', '"${*-none}"', '< a>#1'],
  ['"" a', '"${*:+set}"', '<set>#1'],
  ['"" a', '"${@%c}"', '<><a>#2'],
  ['"" a', '"${*%c}"', '< a>#1'],
  ['"" a', '"${@#a}"', '<><>#2', '<><a>#2'],
  ['"" a', 'x"${@:-no ne}"y', '<x><ay>#2'],
  ['"" a', '"${@:?}"', '<><a>#2'],
  ['ac "b c"', '"${@:-none}"', '<ac><b c>#2'],
  ['ac "b c"', '${@:-none}', '<ac><b><c>#3'],
  ['ac "b c"', '"${@-none}"', '<ac><b c>#2'],
  ['ac "b c"', '"${@:+set}"', '<set>#1'],
  ['ac "b c"', '"${@+set}"', '<set>#1'],
  ['ac "b c"', '"${*:-none}"', '<ac b c>#1'],
  ['ac "b c"', '"${*-none}"', '<ac b c>#1'],
  ['ac "b c"', '"${*:+set}"', '<set>#1'],
  ['ac "b c"', '"${@%c}"', '<a><b >#2', '<ac><b >#2'],
  ['ac "b c"', '"${*%c}"', '<a b >#1', '<ac b >#1'],
  ['ac "b c"', '"${@#a}"', '<c><b c>#2'],
  ['ac "b c"', 'x"${@:-no ne}"y', '<xac><b cy>#2'],
  ['ac "b c"', '"${@:?}"', '<ac><b c>#2'],
  ['', '"${@:-none}"', '<none>#1'],
  ['', '${@:-none}', '<none>#1'],
  ['', '"${@-none}"', '<none>#1', '<>#1'],
  ['', '"${@:+set}"', '#0', '<>#1'],
  ['', '"${@+set}"', '#0', '<set>#1'],
  ['', '"${*:-none}"', '<none>#1'],
  ['', '"${*-none}"', '<none>#1', '<>#1'],
  ['', '"${*:+set}"', '<>#1'],
  ['', '"${@%c}"', '#0', '<>#1'],
  ['', '"${*%c}"', '<>#1'],
  ['', '"${@#a}"', '#0', '<>#1'],
  ['', 'x"${@:-no ne}"y', '<xno ney>#1'],
]

const PRINT = 'text=\nfor one in "$@"; do text="$text<$one>"; done'

describe.each(['bash', 'dash', 'busybox'])('%s', shell => {
  test.each(ROWS)('set -- %s; set -- %s', async (params, word, bash, dash = bash) => {
    const script = `set -- ${params}\nset -- ${word}\n${PRINT}`
    expect(await holdsIn(shell, script, `[ "$text#$#" = '${shell === 'bash' ? bash : dash}' ]`)).toEqual(['/yes'])
  })

  test('what the container is given is started, and only without it the default', async () => {
    expect(await follow('set -- /app x\nexec "${@:-/arm}"', shell)).toEqual(['/app'])
    expect(await follow('set --\nexec "${@:-/arm}"', shell)).toEqual(['/arm refused'])
    expect(await follow('for one in "${@:-/app}"; do exec "$one"; done', shell)).toEqual(['/app'])
  })
})
