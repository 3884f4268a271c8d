import {expect, test} from '@jest/globals'
import {program} from '../../../scripts/kernel/elf.ts'
import {executable, type MemoryTree} from '../../support/memory-rootfs.ts'
import {nativeProgram, sayStart, startScript} from '../../support/script-start.ts'

/*
 * What coreutils 9.1 and busybox 1.35 make of symlinks, and of a slash behind a name, as literals. Where they differ,
 * nothing is certain.
 */

const [native, arm] = [executable(nativeProgram()), executable(program({machine: 183}))]
const FILES: MemoryTree = {
  ...{'/bin/install': native, '/l/d/x': native, '/l/e': {kind: 'directory'}, '/l/f': native, '/l/g': arm},
  ...{'/l/ld': {link: 'd'}, '/l/lf': {link: 'f'}, '/l/ln': {link: 'none'}},
}

const say = async (script: string) => sayStart(await startScript(`cd /l; ${script}`, {files: FILES})).join(', ')

/** How a command ends. */
async function ending(command: string): Promise<string> {
  const said = await say(`if ${command}; then exec /app/server; else exec /app/script; fi`)
  return {'/app/server': 'ok', '/app/script, /app/arm: refused': 'fails'}[said] ?? 'unknown'
}

/** What is at a path then: a program, one of another machine, nothing; or what may be. */
async function content(command: string, path: string): Promise<string> {
  const said = await say(`${command}; exec /l/${path}`)
  const kinds = said.split(', ').map(line => (/: (\S+)/.exec(line)?.[1] ?? 'native') + (line.includes(' (') ? '?' : ''))
  return kinds.join(' ')
}

test.each<[command: string, ends: string, ...what: [path: string, content: string][]]>([
  ['cp lf/ n', 'fails', ['n', 'missing']],
  ['cp f lf/', 'fails', ['lf', 'native']],
  ['cp f n/', 'fails', ['n', 'missing']],
  ['cp g ld/', 'ok', ['d/g', 'refused'], ['ld/x', 'native']],
  ['cp -r ld/ n', 'ok', ['n/x', 'native'], ['ld/x', 'native']],
  ['cp -r ld n', 'ok', ['n/x', 'native']],
  ['cp -a ld/ n', 'ok', ['n/x', 'native']],
  ['cp -P lf/ n', 'fails', ['n', 'missing']],
  ['cp ln/ n', 'fails', ['n', 'missing']],
  ['cp -T f ld', 'fails', ['ld/x', 'native']],
  ['cp -T f ld/', 'fails', ['ld/x', 'native']],
  ['cp -d ld e', 'ok', ['e/ld/x', 'missing']],
  ['cp f g e/', 'ok', ['e/f', 'native'], ['e/g', 'refused']],
  ['cp f g ld/', 'ok', ['d/f', 'native'], ['d/g', 'refused']],
  ['cp f g n/', 'fails', ['n', 'missing']],
  ['cp f g n', 'fails', ['n', 'missing']],
  ['mv lf/ n', 'fails', ['n', 'missing'], ['lf', 'native']],
  ['mv ld/ n', 'fails', ['n/x', 'missing'], ['ld/x', 'native']],
  ['mv ld n', 'ok', ['n/x', 'native'], ['ld/x', 'missing'], ['d/x', 'native']],
  ['mv f n/', 'fails', ['f', 'native'], ['n', 'missing']],
  ['mv g ld/', 'ok', ['d/g', 'refused'], ['g', 'missing']],
  ['mv g lf/', 'fails', ['g', 'refused'], ['f', 'native']],
  ['mv d n/', 'ok', ['n/x', 'native'], ['d/x', 'missing']],
  ['mv d n', 'ok', ['n/x', 'native'], ['d/x', 'missing']],
  ['mv d/ n', 'ok', ['n/x', 'native'], ['d/x', 'missing']],
  ['mv d ld/', 'fails', ['d/x', 'native']],
  ['mv d d/s', 'fails', ['d/x', 'native']],
  ['mv g lf', 'ok', ['lf', 'refused'], ['f', 'native'], ['g', 'missing']],
  ['mv -T d ld', 'fails', ['d/x', 'native']],
  ['mv ln n', 'ok', ['n', 'missing']],
  ['mv ln/ n', 'fails', ['n', 'missing']],
  ['mv lf e', 'ok', ['e/lf', 'missing'], ['f', 'native'], ['lf', 'missing']],
  ['mv ld e/', 'ok', ['ld/x', 'missing'], ['d/x', 'native']],
  ['mv f f', 'unknown', ['f', 'native']],
  ['mv -T f ld', 'unknown', ['d/x', 'native']],
  ['mv -T g lf', 'ok', ['lf', 'refused'], ['f', 'native']],
  ['install lf/ n', 'fails', ['n', 'missing']],
  ['install f n/', 'fails', ['n', 'missing']],
  ['install g ld/', 'ok', ['d/g', 'refused']],
  ['install f lf/', 'fails', ['lf', 'native']],
  ['install ld/ n', 'fails', ['n', 'missing']],
  ['install ld/x n', 'ok', ['n', 'native']],
  ['install g lf', 'ok', ['lf', 'refused'], ['f', 'native']],
  ['install g ln', 'ok', ['ln', 'refused'], ['none', 'missing']],
  ['install -D g p/q/r', 'ok', ['p/q/r', 'refused']],
  ['install -D g p/q/', 'fails', ['p/q', 'missing']],
  ['install -D -t p/q g', 'ok', ['p/q/g', 'refused']],
  ['install -Dt p/q f g', 'ok', ['p/q/f', 'native'], ['p/q/g', 'refused']],
  ['install --target-directory=p/q -D g', 'ok', ['p/q/g', 'refused']],
  ['install -t p/q g', 'fails', ['p/q/g', 'missing']],
  ['install -D g ld/q/r', 'ok', ['d/q/r', 'refused']],
  ['install -D f g p/q', 'fails', ['p/q/g', 'missing']],
  ['install -d p/q/', 'ok'],
  ['install -d lf', 'fails', ['lf', 'native']],
  ['install f g e', 'ok', ['e/f', 'native'], ['e/g', 'refused']],
  ['install f g n', 'fails', ['n', 'missing']],
  ['ln -s ../g ld/', 'ok', ['d/g', 'refused']],
  ['ln -sfn e ld', 'ok', ['ld/x', 'missing'], ['d/x', 'native']],
  ['ln -sfn ../d ld/', 'ok', ['d/d/x', 'native'], ['ld/x', 'native']],
  ['ln -sT e ld', 'fails', ['ld/x', 'native']],
  ['ln -s f n/', 'fails', ['n', 'missing']],
  ['ln -sf g lf/', 'fails', ['lf', 'native']],
  ['ln lf h', 'ok', ['h', 'native']],
  ['ln d h', 'fails', ['h', 'missing']],
  ['ln g ld', 'ok', ['d/g', 'refused']],
  ['ln -f g f', 'ok', ['f', 'refused']],
  ['ln g f', 'fails', ['f', 'native']],
])('%s', async (command, ends, ...what) => {
  const found = await Promise.all(what.map(async ([path]) => [path, await content(command, path)]))
  expect([await ending(command), ...found]).toEqual([ends, ...what])
})
