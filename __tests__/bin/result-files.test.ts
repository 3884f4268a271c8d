import {readFile, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {expect, test} from '@jest/globals'
import {RESULT_FILES} from '../../src/bin/result-files.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

const file = (): string => join(temporaryFolder('results'), 'r.jsonl')

async function append(path: string, keeps: boolean, ...lines: readonly string[]): Promise<string> {
  const writer = await RESULT_FILES.append(path, keeps)
  await Promise.all(lines.map(line => writer.write(`${line}\n`)))
  await writer.close()
  return readFile(path, 'utf8')
}

async function linesOf(path: string): Promise<readonly string[]> {
  const lines: string[] = []
  for await (const line of RESULT_FILES.lines(path)) lines.push(line)
  return lines
}

test.each([
  ['nothing', ''],
  ['whole lines', 'one\ntwo\n'],
  ['a line that was cut off', 'one\ntw'],
  ['only a line that was cut off', 'on'],
  ['a long one', `one\n${'x'.repeat(200_000)}`],
  ['a long one alone', 'x'.repeat(200_000)],
])('what follows %s', async (_, there) => {
  const path = file()
  await writeFile(path, there)
  expect(await append(path, true, 'a', 'b')).toBe(`${there.slice(0, there.lastIndexOf('\n') + 1)}a\nb\n`)
})

test('a file is made, and emptied where nothing is kept', async () => {
  const path = file()
  expect(await append(path, true, 'a')).toBe('a\n')
  expect(await append(path, false, 'b')).toBe('b\n')
})

test('lines that are written at once are not mixed', async () => {
  const lines = Array.from({length: 50}, (_, index) => String(index).repeat(10_000))
  expect(await append(file(), false, ...lines)).toBe(lines.map(line => `${line}\n`).join(''))
})

test('lines are read one after the other; a file that is not there cannot be', async () => {
  const path = file()
  await writeFile(path, 'one\ntwo\nthr')
  expect(await linesOf(path)).toEqual(['one', 'two', 'thr'])
  await expect(linesOf(`${path}.none`)).rejects.toMatchObject({code: 'ENOENT'})
})
