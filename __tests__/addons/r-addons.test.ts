import {describe, expect, test} from '@jest/globals'
import {readCertainLibraries, readNamespace} from '../../src/addons/r/certain-libraries.ts'
import {buildElf} from '../support/elf-builder.ts'
import {executable, type MemoryTree} from '../support/memory-rootfs.ts'
import {checkWholeImage} from '../support/whole-image.ts'

const OWN = buildElf({machine: 183, type: 'dyn', entry: 0, soname: 'x.so'})
const OTHER = buildElf({machine: 62, type: 'dyn', entry: 0, soname: 'x.so'})
const PROGRAM = executable(buildElf({machine: 183, align: 0x10000}))
const SITE = '/usr/local/lib/R/site-library'
const R: MemoryTree = {'/usr/lib/R/bin/exec/R': PROGRAM, '/usr/bin/Rscript': PROGRAM}
const package_ = (name: string, content: Uint8Array | undefined, namespace: string, library = SITE): MemoryTree => ({
  [`${library}/${name}/DESCRIPTION`]: `Package: ${name}\n`,
  [`${library}/${name}/NAMESPACE`]: namespace,
  ...(content === undefined ? {} : {[`${library}/${name}/libs/${name}.so`]: content}),
})

async function told(
  files: MemoryTree,
  entrypoint: readonly string[] = ['/usr/bin/Rscript'],
  env: readonly string[] = [],
) {
  const config = {entrypoint: [...entrypoint], env: ['PATH=/usr/bin', ...env]}
  const {findings} = await checkWholeImage([{platform: 'linux/arm64', config, files: {...R, ...files}}])
  return findings.filter(({rule}) => rule === 'missing-addon').map(({level, message}) => `${level} ${message}`)
}

const WRONG = `yaml in ${SITE}/yaml loads libs/yaml.so, which is x86-64, expected aarch64 (linux/arm64)`

describe('packages of R', () => {
  const yaml = package_('yaml', OTHER, '# x\nuseDynLib(yaml, .registration = TRUE)\nexport(a)\n')
  test.each<[string, MemoryTree, readonly string[] | undefined, readonly string[]]>([
    ['of another machine', yaml, undefined, [`warning ${WRONG}`]],
    [
      'that what starts attaches, by another one',
      {
        ...yaml,
        ...package_('app', undefined, 'import(\n  utils,\n  yaml)\n'),
        '/app.R': 'x <- {\n}\nlibrary(app)\n',
      },
      ['/usr/bin/Rscript', '/app.R'],
      [`error ${WRONG}; what starts loads it for certain`],
    ],
  ])('%s', async (_, files, entrypoint, expected) => {
    expect(await told(files, entrypoint)).toEqual(expected)
  })

  test.each<[string, MemoryTree]>([
    ['it is of the platform', package_('yaml', OWN, 'useDynLib(yaml)')],
    ['nothing of it loads the library', package_('yaml', OTHER, 'export(yaml)')],
    [
      'one of the platform is before it',
      {...package_('yaml', OTHER, 'useDynLib(yaml)', '/usr/lib/R/library'), ...package_('yaml', OWN, '')},
    ],
    ['R does not look there', package_('yaml', OTHER, 'useDynLib(yaml)', '/opt/R')],
    ['there is no R', {...yaml, '/usr/lib/R/bin/exec/R': ''}],
  ])('nothing where %s', async (_, files) => {
    expect(await told(files)).toEqual([])
  })

  test('a variable names the library', async () => {
    const files = package_('yaml', OTHER, 'useDynLib(yaml)', '/opt/R')
    expect(await told(files, undefined, ['R_LIBS=/opt/R/:x'])).toEqual([`warning ${WRONG.replaceAll(SITE, '/opt/R')}`])
  })
})

test.each<[string, readonly string[]]>([
  ['library(a)\nlibrary("b")\nbase::library(c, warn = FALSE)', ['a', 'b', 'c']],
  ['loadNamespace("a")', ['a']],
  ['require(a)\nrequireNamespace("b")', []],
  ['if (x) {\nlibrary(a)\n}\nlibrary(b)', ['b']],
  ['f(\nlibrary(a)\n)', []],
  ['# library(a)\n  library(b)', []],
  ['library(x, character.only = TRUE)', []],
  ['x <- "(" # {\nlibrary(a)', ['a']],
  ['x <- "a\nlibrary(a)\n"', []],
  ['quit()\nlibrary(a)', []],
])('what %j attaches for certain', (text, expected) => {
  expect(readCertainLibraries(text)).toEqual(expected)
})

test.each([
  ['import(a, "b")\nimportFrom(c,d,e)', ['a', 'b', 'c'], []],
  ['import(a, except = c(b))', ['a'], []],
  ['useDynLib(a, .registration = TRUE)\nuseDynLib("b")', [], ['a', 'b']],
  ['# import(a)\nS3method(import, b)', [], []],
  ['import('.repeat(50_000), [], []],
])('what a NAMESPACE imports and loads: %#', (text, imports, libraries) => {
  expect(readNamespace(text)).toEqual({imports, libraries})
})
