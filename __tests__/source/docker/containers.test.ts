import {expect, test} from '@jest/globals'
import {createContainer} from '../../../src/source/docker/containers.ts'
import {type Answer, scriptedDocker} from '../../support/scripted-docker.ts'

const ID = 'c'.repeat(64)

/** Creates a container of `app` where docker answers so; its words without the name, and the name. */
async function create(answer: Answer) {
  const {cli, asked} = scriptedDocker(command => (command.startsWith('rm ') ? '' : answer))
  const outcome = await createContainer({creator: cli, cleaner: cli}, 'app', 'run-1', 'linux/arm64').catch(
    (thrown: unknown) => thrown,
  )
  const name = /--name (\S+)/.exec(asked[0] ?? '')?.[1] ?? ''
  return {outcome, name, asked: asked.map(command => command.replace(name, 'NAME'))}
}

const CREATE =
  'create --pull never --network none --name NAME --label io.github.verify-image-arch.run=run-1 ' +
  '--workdir / --platform linux/arm64 app /never-started'

test('a container has a name and a label of its own, and is known by its id', async () => {
  const first = await create(`${ID}\n`)
  expect(first).toMatchObject({outcome: ID, asked: [CREATE]})
  expect(first.name).toMatch(/^verify-image-arch-[0-9a-f-]{36}$/)
  expect((await create(`${ID}\n`)).name).not.toBe(first.name)
})

const unknown: readonly (readonly [string, Answer])[] = [
  ['an engine that is started anew', {stderr: 'error during connect: Post "http://x/create": EOF'}],
  ['no answer', ''],
  ['garbage', '\0garbage'],
  ['an id that is cut off', ID.slice(1)],
  ['two ids', `${ID}\n${ID}\n`],
]
test.each(unknown)('%s: what may have been made is removed by its name', async (_, answer) => {
  const {outcome, asked} = await create(answer)
  expect(outcome).toMatchObject({name: 'SourceError', code: 'unavailable'})
  expect(asked).toEqual([CREATE, 'rm --force --volumes NAME'])
})
