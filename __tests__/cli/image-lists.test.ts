import {describe, expect, test} from '@jest/globals'
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

describe('a registry', () => {
  const asked: unknown[] = []
  const listing = async (...argv: readonly string[]) => {
    const command = await parseCommand(
      argv,
      async () => '',
      () => '2026-11-29',
      async ({domain, isRepository}, insecureRegistries) => {
        asked.push([domain, insecureRegistries])
        const names = ['team/app', 'other/app'].filter(isRepository)
        return {images: names.map(name => `${domain}/${name}:1`), leftOut: ['team/app: 1 tags of signatures']}
      },
    )
    if (typeof command === 'string') throw new Error(command)
    return {images: command.options.images.map(({text}) => text), leftOut: command.leftOut}
  }

  test('is listed, by plain HTTP where that is allowed', async () => {
    const flags = ['--insecure-registry', 'a.example', '--source', 'registry']
    expect(await listing('first:1', '--images-from', 'registry:a.example/team/*', ...flags)).toEqual({
      images: ['first:1', 'a.example/team/app:1'],
      leftOut: ['team/app: 1 tags of signatures'],
    })
    expect(asked).toEqual([['a.example', ['a.example']]])
  })

  test('that has nothing like that, and a listing that is wrong, are wrong usage', async () => {
    await expect(listing('--images-from', 'registry:a.example/zoo*', '--images-from', 'registry:a')).rejects.toThrow(
      /^--images-from: registry:a\.example\/zoo\* names no image: team\/app: 1 tags of signatures\n--images-from: expected registry:HOST/,
    )
  })

  test('cannot be named where none can be asked', async () => {
    await expect(parsed('--images-from', 'registry:a.example/team/*')).rejects.toThrow('no registry can be listed here')
  })
})
