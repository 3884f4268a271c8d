import {readdirSync, readFileSync} from 'node:fs'
import {dirname, join, relative} from 'node:path'
import {fileURLToPath} from 'node:url'
import {describe, expect, test} from '@jest/globals'

const SRC = join(dirname(fileURLToPath(import.meta.url)), '../../src')

/**
 * Each row may import from itself where it is one folder, and from all rows above it. docs/architecture.md draws it.
 */
const ROWS: readonly (readonly string[])[] = [
  ['lib', 'errors'],
  ['platform', 'net', 'workspace'],
  ['binary', 'image', 'github'],
  ['exec', 'rootfs', 'dockerfile', 'provenance', 'addons', 'inventory'],
  ['scan', 'source'],
  ['facts'],
  ['rules'],
  ['explain'],
  ['report'],
  ['policy'],
  ['pipeline'],
  ['fleet'],
  ['action', 'cli', 'library'],
  ['bin'],
]

/** The folders that do I/O. */
const IO_FOLDERS = ['source', 'net', 'github', 'workspace', 'bin']

/** What only they may import: everything else is values in, values out. zlib and crypto are computations. */
const IO_MODULES =
  /^(?:node:)?(?:fs|fs\/promises|child_process|http|https|http2|net|tls|dgram|dns|os|process|worker_threads|readline)$|^@actions\//

const files = readdirSync(SRC, {recursive: true, encoding: 'utf8'}).filter(name => name.endsWith('.ts'))
const edges = new Map(files.map(file => [file, importsOf(readFileSync(join(SRC, file), 'utf8'))]))

/** The part of the house that a file belongs to: its first folder, or its own name at the root. */
function partOf(file: string): string {
  return file.split('/')[0]?.replace(/\.ts$/, '') ?? ''
}

function importsOf(source: string): string[] {
  return [...source.matchAll(/^(?:import|export)\b[^'"]*?from\s+'([^']+)'|\bimport\('([^']+)'\)/gm)].map(
    match => match[1] ?? match[2] ?? '',
  )
}

function localTarget(file: string, specifier: string): string {
  return relative(SRC, join(SRC, dirname(file), specifier))
}

const arrows = [...edges].flatMap(([file, specifiers]) =>
  specifiers
    .filter(specifier => specifier.startsWith('.'))
    .map(specifier => [file, localTarget(file, specifier)] as const),
)

describe('the house', () => {
  test('every file belongs to a row', () => {
    const known = ROWS.flat()
    expect(files.filter(file => !known.includes(partOf(file)))).toEqual([])
  })

  test('imports are found at all', () => {
    expect(arrows.length).toBeGreaterThan(files.length / 2)
    expect(arrows.filter(([, target]) => !edges.has(target))).toEqual([])
  })

  test('imports point upwards only', () => {
    const rowOf = (file: string) => ROWS.findIndex(row => row.includes(partOf(file)))
    const wrong = arrows.filter(([from, to]) => partOf(from) !== partOf(to) && rowOf(to) >= rowOf(from))
    expect(wrong.map(arrow => arrow.join(' -> '))).toEqual([])
  })

  test('no file imports itself in a circle', () => {
    expect(findCircle()).toBeUndefined()
  })

  test('only the folders of I/O do I/O', () => {
    const wrong = [...edges].flatMap(([file, specifiers]) =>
      IO_FOLDERS.includes(partOf(file))
        ? []
        : specifiers.filter(name => IO_MODULES.test(name)).map(name => `${file}: ${name}`),
    )
    expect(wrong).toEqual([])
  })

  test('the guard sees what it guards against', () => {
    expect(
      importsOf("import {readFile} from 'node:fs/promises'\nexport * from './x.ts'\nconst y = await import('./z.ts')"),
    ).toEqual(['node:fs/promises', './x.ts', './z.ts'])
    expect(IO_MODULES.test('node:child_process')).toBe(true)
    expect(IO_MODULES.test('node:zlib')).toBe(false)
  })
})

function findCircle(): string | undefined {
  const done = new Set<string>()
  const visit = (file: string, trail: readonly string[]): string | undefined => {
    if (trail.includes(file)) return [...trail.slice(trail.indexOf(file)), file].join(' -> ')
    if (done.has(file)) return undefined
    for (const [, target] of arrows.filter(([from]) => from === file)) {
      const circle = visit(target, [...trail, file])
      if (circle !== undefined) return circle
    }
    done.add(file)
    return undefined
  }
  for (const file of files) {
    const circle = visit(file, [])
    if (circle !== undefined) return circle
  }
  return undefined
}
