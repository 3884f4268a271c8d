import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from '@jest/globals'
import {projectFiles} from '../../scripts/support/project-files.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const FILES = projectFiles(ROOT).filter(path => path.startsWith('__tests__/') && path.endsWith('.ts'))
const [, most = ''] = /testTimeout: ([\d_]+)/.exec(readFileSync(join(ROOT, 'jest.config.mjs'), 'utf8')) ?? []
const milliseconds = (text: string): number => Number(text.replaceAll('_', ''))

test('no test ends earlier than all others do: on a loaded machine each may take long', () => {
  const lower = FILES.flatMap(path =>
    Array.from(readFileSync(join(ROOT, path), 'utf8').matchAll(/\}, (\d[\d_]{3,})\)$/gm), ([, limit = '']) => ({
      path,
      limit: milliseconds(limit),
    })),
  ).filter(({limit}) => limit <= milliseconds(most))
  expect(milliseconds(most)).toBeGreaterThan(60_000)
  expect(FILES.length).toBeGreaterThan(100)
  expect(lower).toEqual([])
})
