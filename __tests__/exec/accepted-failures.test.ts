import {describe, expect, test} from '@jest/globals'
import {dynamicElf} from '../../scripts/kernel/dynamic-elf.ts'
import {program} from '../../scripts/kernel/elf.ts'
import {SCOPES, type Scope} from '../../src/facts/scope.ts'
import {sayFindings} from '../support/image-findings.ts'
import {executable, type MemoryTree} from '../support/memory-rootfs.ts'
import {nativeProgram, scriptTree} from '../support/script-start.ts'

const TOOL = '/usr/local/bin/tool'
const FOREIGN = executable(program({machine: 183}))

const TREE: MemoryTree = {...scriptTree(), '/app/arm': executable(nativeProgram())}

/** What is wrong with `tool`, and what the scan of the whole image says of it wherever it is called. */
const FAULTS: Readonly<Record<string, readonly [MemoryTree, ...scanned: string[]]>> = {
  missing: [{}],
  foreign: [{[TOOL]: FOREIGN}, `error foreign-executable ${TOOL}`],
  'not executable': [{[TOOL]: {content: nativeProgram(), mode: 0o644}}],
  'a directory': [{[TOOL]: {kind: 'directory'}}],
  'without its loader': [
    {[TOOL]: executable(dynamicElf({interp: '/lib/ld-musl-x86_64.so.1', needed: []}))},
    `warning missing-interpreter ${TOOL}`,
  ],
  'without its interpreter': [{[TOOL]: executable('#!/usr/bin/ruby\n')}],
  'an error page': [{[TOOL]: executable('<html>\n<body>Not Found</body></html>\n')}, `error not-a-program ${TOOL}`],
  empty: [{[TOOL]: executable('')}, `warning not-a-program ${TOOL}`],
  'with DOS line ends': [{[TOOL]: executable('#!/bin/sh\r\nexit\r\n')}],
}

function findings(script: string, files: MemoryTree, scope: Scope): Promise<readonly string[]> {
  const entry = executable(`#!/bin/sh\n${script}\n`)
  return sayFindings({
    files: {...TREE, ...files, '/entry': entry},
    config: {entrypoint: ['/entry']},
    scope,
  })
}

describe('a call whose failure the script accepts adds nothing to what its file is', () => {
  describe.each([
    'tool || true; exec /app/server',
    'tool || :; exec /app/server',
    'tool 2>/dev/null || echo no tool; exec /app/server',
    'set -e; tool || true; exec /app/server',
    'set -e; tool --now | cat || true; exec /app/server',
    'tool && echo yes; exec /app/server',
    'set -e; tool && echo yes || true; exec /app/server',
    'if tool; then echo yes; fi; exec /app/server',
    'set -e; if tool; then echo yes; else echo no; fi; exec /app/server',
    'if ! tool; then echo no; fi; exec /app/server',
    'if tool | grep -q x; then :; fi; exec /app/server',
    'if tool && [ -f /x ]; then :; fi; exec /app/server',
    'set -e; ! tool; exec /app/server',
    'set +e; tool; exec /app/server',
    'set +o errexit; tool; exec /app/server',
    'set -e; set +e; tool; set -e; exec /app/server',
    'set -e; f() { tool; }; f || true; exec /app/server',
    'set -e; { tool; } || true; exec /app/server',
    'set -e; (tool) || true; exec /app/server',
    'set -e; (set +e; tool; true); exec /app/server',
    'set -e; sh -c tool || true; exec /app/server',
    'set -e; sh -c "exec tool" || :; exec /app/server',
    'set -e; env A=1 tool || true; exec /app/server',
    `set -e; ${TOOL} || true; exec /app/server`,
    'set -e; v=$(tool) || true; exec /app/server',
    'set -e; v=$(tool || true); exec /app/server',
    'set -e; eval tool || true; exec /app/server',
    'set -e; command tool || true; exec /app/server',
  ])('%s', script => {
    test.each(
      Object.entries(FAULTS).flatMap(([fault, [files]]) => SCOPES.map(scope => [fault, scope, files] as const)),
    )('tool is %s, scope %s', async (_, scope, files) => {
      expect(await findings(script, files, scope)).toEqual(await findings('exec /app/server', files, scope))
    })
  })

  test.each(Object.entries(FAULTS))(
    'that is, of a tool that is %s, what the scan says',
    async (_, [files, ...scanned]) => {
      expect(await findings('exec /app/server', files, 'essential')).toEqual([])
      expect(await findings('exec /app/server', files, 'image')).toEqual(scanned)
    },
  )

  test('what any program stands on is looked at by the essential scope', async () => {
    const loader = '/lib64/ld-linux-x86-64.so.2'
    const files = {[loader]: FOREIGN}
    const script = `${loader} --version || true; exec /app/server`
    expect(await findings(script, files, 'entrypoint')).toEqual([])
    expect(await findings(script, files, 'essential')).toEqual([`error foreign-executable ${loader}`])
  })
})

describe('a call whose failure has a consequence', () => {
  const WARNED = ['foreign', 'without its loader', 'an error page', 'without its interpreter']
  const ALL = ['missing', 'not executable', ...WARNED]

  test.each<[script: string, level: string | undefined, faults: readonly string[]]>([
    // Something is missing afterwards, though the script goes on.
    ['tool; exec /app/server', undefined, ['missing', 'not executable']],
    ['tool; exec /app/server', 'warning', WARNED],
    ['set +e; set -e; tool; exec /app/server', 'error', ALL],
    [`${TOOL}; exec /app/server`, undefined, ['missing']],
    [`${TOOL}; exec /app/server`, 'warning', ['not executable', 'a directory']],
    // A loop that waits for it does not end.
    ['until tool; do sleep 1; done; exec /app/server', 'warning', WARNED],
    ['while ! tool; do sleep 1; done; exec /app/server', 'warning', WARNED],
    ['until tool || tool; do sleep 1; done; exec /app/server', 'warning', WARNED],
    // It is what the container does.
    ['tool || true', 'warning', WARNED],
    ['tool || echo failed', 'warning', WARNED],
    ['! tool', 'warning', WARNED],
    ['tool & wait', 'warning', ALL],
    ['set +e; tool', 'error', ALL],
    ['set +e; exec tool', 'error', ALL],
    // The script ends.
    ['set -e; tool; exec /app/server', 'error', ALL],
    ['tool || exit 1; exec /app/server', 'error', ALL],
    ['set +e; tool || exit 1; exec /app/server', 'error', ALL],
    ['if ! tool; then exit 1; fi; exec /app/server', 'error', ALL],
    ['if tool; then :; else exit 1; fi; exec /app/server', 'error', ALL],
    ['tool && exec /app/server', 'error', ALL],
    ['set -e; f() { tool; }; f; exec /app/server', 'error', ALL],
    ['set -e; tool || tool; exec /app/server', 'error', ALL],
    ['set -e; true && tool; exec /app/server', 'error', ALL],
    // Of two calls the one that matters counts.
    ['tool || true; tool; exec /app/server', 'warning', WARNED],
    ['tool; tool || true; exec /app/server', 'warning', WARNED],
    ['set -e; tool || true; tool; exec /app/server', 'error', ALL],
    ['tool || true; exec tool', 'error', ALL],
    ['if tool; then exec tool; fi; exec tool', 'error', ALL],
  ])('%s: %s', async (script, level, faults) => {
    for (const fault of faults) {
      const said = await findings(script, FAULTS[fault]?.[0] ?? {}, 'essential')
      const levels = [...new Set(said.map(line => line.split(' ')[0]))]
      expect([fault, ...levels]).toEqual(level === undefined ? [fault] : [fault, level])
    }
  })

  test('a HEALTHCHECK is told of, whatever the entry script accepts', async () => {
    const files = {
      ...scriptTree(),
      [TOOL]: FOREIGN,
      '/entry': executable('#!/bin/sh\ntool || true; exec /app/server\n'),
    }
    const config = {entrypoint: ['/entry']}
    const check = (...healthcheck: string[]) => sayFindings({files, config: {...config, healthcheck}})
    expect(await check('CMD', 'tool')).toEqual([`warning wrong-machine ${TOOL}`])
    expect(await check('CMD-SHELL', 'tool || exit 1')).toEqual([`warning wrong-machine ${TOOL}`])
    expect(await check('CMD-SHELL', 'tool || true; exit 0')).toEqual([])
  })
})
