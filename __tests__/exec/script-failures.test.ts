// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text
import {describe, expect, test} from '@jest/globals'
import {program} from '../../scripts/kernel/elf.ts'
import {imageConfig} from '../support/image-config.ts'
import {executable, type MemoryTree, memoryRootfs} from '../support/memory-rootfs.ts'
import {readStartup} from '../support/told-startup.ts'

const native = executable(program({}))
const arm64 = executable(program({machine: 183}))

const TOOLS = ['dash', 'bash', 'cp', 'mv', 'rm', 'chmod', 'install', 'cat', 'env', 'uname', 'getconf', 'mkdir']
const BASE: MemoryTree = {
  ...Object.fromEntries(TOOLS.map(name => [`/bin/${name}`, native])),
  '/bin/sh': {link: 'dash'},
  '/app': native,
  '/arm': arm64,
  '/first/both': arm64,
  '/second/both': native,
  '/first/text': executable('#!/nowhere\n'),
  '/second/text': native,
  '/tmp': {kind: 'directory', mode: 0o1777},
}

/** What a script starts of the image's own programs, and what is wrong with it. */
async function follow(script: string, env: readonly string[] = []): Promise<string[]> {
  const rootfs = memoryRootfs({
    ...BASE,
    '/e.sh': executable(script.startsWith('#!') ? script : `#!/bin/sh\n${script}\n`),
  })
  const platform = {os: 'linux', architecture: 'amd64', variant: ''}
  const {steps, unknowns} = await readStartup({rootfs, platform, config: imageConfig({entrypoint: ['/e.sh'], env})})
  const lines = steps.slice(2).flatMap(({path, role, certainty, obstacle, maybe}) => {
    if (role === 'argument' || TOOLS.some(tool => path === `/bin/${tool}`)) return []
    const what = [path, ...(obstacle ? [obstacle.kind] : []), ...(maybe === undefined ? [] : ['maybe'])].join(' ')
    return [certainty === 'certain' ? what : `? ${what}`]
  })
  return [...lines, ...unknowns.map(({reason}) => `unknown: ${reason}`)]
}

describe('what fails in a script', () => {
  test.each<[string, string, string[]]>([
    [
      'a tool that lacks a file: the run may give it, and what comes then is looked at',
      'set -e\ncp /config/x /tmp/x\nexec /arm',
      ['/arm refused'],
    ],
    ['and what it would have made may be there', 'set -e\ncp /config/x /tmp/x\n/tmp/x', ['/tmp/x missing maybe']],
    ['the same by hand', 'cp /config/x /tmp/x || exit 1\nexec /arm', ['/arm refused']],
    ['a directory that is not there', 'cd /config || exit 1\nexec /arm', ['/arm refused']],
    ['under set -e', 'set -e\ncd /config\nexec /arm', ['/arm refused']],
    ['a variable that is asked for', 'set -e\n[ -n "$TOKEN" ]\nexec /arm', ['/arm refused']],
    ['a program that is not there ends it', 'set -e\n/missing\nexec /app', ['/missing missing']],
    ['be it tolerated first', '/missing || exit 1\nexec /app', ['/missing missing']],
    ['or a condition', 'if ! /missing; then exit 1; fi\nexec /app', ['/missing missing']],
    ['in a command substitution', 'set -e\nX=$(/missing)\nexec /app', ['/missing missing']],
    ['whose failure does not matter', 'X=$(/missing)\nexec /app', ['/app']],
    ['a way out that is not there either', '/missing || /gone', ['/gone missing']],
    ['a way out that may be needed', '/app || /gone', ['? /app']],
    ['a list under set -e', 'set -e\ntrue && false\nexec /app', []],
    ['but for its beginning', 'set -e\nfalse && true\nexec /app', ['/app']],
    ['a subshell under set -e', 'set -e\n(false)\nexec /app', []],
    ['a function by its last command', 'set -e\nf() { false && true; return; }\nf\nexec /app', []],
    ['exit by the last command', 'false || exit\nexec /app', []],
    ['[ without ]', '[ -f /app && exec /app\nexec /arm', ['/arm refused']],
  ])('%s', async (_, script, expected) => {
    expect(await follow(script)).toEqual(expected)
  })
})

describe('exec in a subshell is not the program of the container', () => {
  test.each<[string, string, string[]]>([
    ['it may fail', '(exec /missing)\nexec /app', ['/app']],
    ['under set -e it may not', 'set -e\n(exec /missing)\nexec /app', ['/missing missing']],
    ['at the end neither', '(exec /missing)', ['/missing missing']],
    ['in the background', 'exec /missing &\nexec /app', ['? /missing missing', '/app']],
    ['in a pipeline', 'exec /missing | cat\nexec /app', ['/app']],
  ])('%s', async (_, script, expected) => {
    expect(await follow(script)).toEqual(expected)
  })
})

describe('what stands further on in PATH', () => {
  const path = ['PATH=/first:/second:/bin']
  test.each<[string, string, string[]]>([
    ['dash goes on after a foreign program', '#!/bin/dash\nexec both', ['/second/both']],
    ['whatever it is called', '#!/bin/sh\nboth', ['/second/both']],
    ['bash does not', '#!/bin/bash\nexec both', ['/first/both refused']],
    ['execvp does not', '#!/bin/dash\nexec env both', ['/first/both refused']],
    ['dash after a script without interpreter', '#!/bin/dash\nexec text', ['/second/text']],
    ['execvp too', '#!/bin/dash\nexec env text', ['/second/text']],
    ['bash does not here either', '#!/bin/bash\nexec text', ['/first/text', '/nowhere missing']],
  ])('%s', async (_, script, expected) => {
    expect(await follow(script, path)).toEqual(expected)
  })
})

test('a shell that is to read a program', async () => {
  expect(await follow('exec sh /app')).toEqual(['/bin/sh', 'sh refused-arguments'])
})
