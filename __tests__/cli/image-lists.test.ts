import {expect, test} from '@jest/globals'
import {parseCommand} from '../../src/cli/arguments.ts'

const FILES: Readonly<Record<string, string>> = {
  'images.txt': 'app:1\noci:layouts/app\n',
  '-': 'services:\n  web: {image: web:1}\n  db: {build: .}\n',
  'again.txt': 'app:1\n',
}

async function parsed(...argv: readonly string[]) {
  const command = await parseCommand(argv, async path => {
    const text = FILES[path]
    if (text === undefined) throw new Error('no such file')
    return text
  })
  if (typeof command === 'string') throw new Error(command)
  return {images: command.options.images.map(({text}) => text), leftOut: command.leftOut}
}

test('images of files stand behind those of the command line, each once', async () => {
  expect(
    await parsed('first:1', '--images-from', 'images.txt', '--images-from', '-', '--images-from=again.txt'),
  ).toEqual({
    images: ['first:1', 'app:1', 'oci:layouts/app', 'web:1'],
    leftOut: ['standard input:3:7: services.db has no image, only a build'],
  })
})

test('without the flag nothing is read, and nothing is left out', async () => {
  expect(await parsed('first:1')).toEqual({images: ['first:1'], leftOut: []})
})
