import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from '@jest/globals'
import {build} from 'esbuild'
import {COMMON, declared} from '../../scripts/package/bundle-options.ts'

/** What a library of pure functions may take from node: computations, and no files, connections or processes. */
const PURE = ['node:buffer', 'node:crypto', 'node:module', 'node:path', 'node:timers/promises', 'node:zlib']

const {metafile} = await build({
  ...COMMON,
  entryPoints: ['src/library/index.ts'],
  outdir: '/nowhere',
  write: false,
  define: declared(),
})

test('the library does no I/O', () => {
  const [output] = Object.values(metafile.outputs)
  const builtins = (output?.imports ?? []).filter(({external}) => external).map(({path}) => path)
  expect([...new Set(builtins)].filter(path => !PURE.includes(path))).toEqual([])
  expect(builtins).toContain('node:zlib')
})

test('the licences of all that is in it stand in dist/licenses.txt', () => {
  const packages = Object.keys(metafile.inputs).flatMap(
    path => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? [],
  )
  const licenses = readFileSync(join('dist', 'licenses.txt'), 'utf8')
  expect(packages).toContain('dockerfile-ast')
  expect([...new Set(packages)].filter(name => !licenses.includes(`${name} `))).toEqual([])
})
