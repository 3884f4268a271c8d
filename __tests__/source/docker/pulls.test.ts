import {expect, test} from '@jest/globals'
import {trackPulls} from '../../../src/source/docker/pulls.ts'
import {type Answer, scriptedDocker} from '../../support/scripted-docker.ts'
import {testClock} from '../../support/test-clock.ts'

const REFERENCE = 'app@sha256:1'
const ABSENT: Answer = {stderr: `Error response from daemon: No such image: ${REFERENCE}`}
const DOWN: Answer = {stderr: 'Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?'}

function setUp(answers: {readonly inspect: Answer; readonly pull?: Answer; readonly rm?: Answer}) {
  const announced: string[] = []
  const {cli, asked} = scriptedDocker(command => {
    if (command.startsWith('image inspect')) return answers.inspect
    if (command.startsWith('pull')) return answers.pull
    return command.startsWith('image rm') ? answers.rm : undefined
  })
  const pulls = trackPulls({cli, cleaner: cli, clock: testClock(), signal: new AbortController().signal}, reference =>
    announced.push(reference),
  )
  const verbs = () =>
    asked.map(command =>
      command
        .split(' ')
        .slice(0, command.startsWith('image') ? 2 : 1)
        .join(' '),
    )
  return {pulls, announced, verbs}
}

test('an image that was there is neither pulled nor removed', async () => {
  const {pulls, announced, verbs} = setUp({inspect: `sha256:${'1'.repeat(64)}\n`})
  await pulls.ensure(REFERENCE)
  await pulls.release(REFERENCE)
  expect(verbs()).toEqual(['image inspect'])
  expect(announced).toEqual([])
})

test.each(['', 'garbage', '\0', `sha256:${'1'.repeat(64)}\nmore`])(
  'an answer that is not an id (%j) says neither that an image is there nor that it is not',
  async printed => {
    const {pulls, verbs} = setUp({inspect: printed})
    await expect(pulls.ensure(REFERENCE)).rejects.toMatchObject({code: 'unavailable'})
    await pulls.release(REFERENCE)
    expect(verbs()).toEqual(['image inspect'])
  },
)

test('an image that was not there is announced, pulled, and removed after its last use', async () => {
  const {pulls, announced, verbs} = setUp({inspect: ABSENT, pull: '', rm: ''})
  await Promise.all([pulls.ensure(REFERENCE), pulls.ensure(REFERENCE)])
  await pulls.release(REFERENCE)
  expect(verbs()).toEqual(['image inspect', 'pull'])
  await pulls.release(REFERENCE)
  expect(verbs()).toEqual(['image inspect', 'pull', 'image rm'])
  expect(announced).toEqual([REFERENCE])
})

test('a pull that fails is an error, and what it may have left is removed', async () => {
  const {pulls, verbs} = setUp({inspect: ABSENT, pull: {stderr: 'toomanyrequests'}, rm: ABSENT})
  await expect(pulls.ensure(REFERENCE)).rejects.toMatchObject({
    name: 'SourceError',
    hint: expect.stringContaining('Log in'),
  })
  await pulls.release(REFERENCE)
  expect(verbs()).toEqual(['image inspect', 'pull', 'image rm'])
})

test('where it is not known whether an image was there, it stays', async () => {
  const {pulls, verbs} = setUp({inspect: DOWN})
  await expect(pulls.ensure(REFERENCE)).rejects.toMatchObject({code: 'unavailable'})
  await pulls.release(REFERENCE)
  expect(verbs()).toEqual(['image inspect'])
})

test('an image that somebody else uses by now stays, any other failure is told', async () => {
  const used = setUp({inspect: ABSENT, pull: '', rm: {stderr: 'conflict: image is being used by stopped container 1'}})
  await used.pulls.ensure(REFERENCE)
  await used.pulls.release(REFERENCE)
  const failing = setUp({inspect: ABSENT, pull: '', rm: DOWN})
  await failing.pulls.ensure(REFERENCE)
  await expect(failing.pulls.release(REFERENCE)).rejects.toMatchObject({code: 'unavailable'})
})

test('one that is being removed is pulled anew', async () => {
  let present = false
  const {cli, asked} = scriptedDocker(command => {
    if (command.startsWith('image inspect')) return present ? 'sha256:1' : ABSENT
    present = command.startsWith('pull')
    return ''
  })
  const pulls = trackPulls({cli, cleaner: cli, clock: testClock(), signal: new AbortController().signal}, () => {})
  await pulls.ensure(REFERENCE)
  await Promise.all([pulls.release(REFERENCE), pulls.ensure(REFERENCE)])
  await pulls.release(REFERENCE)
  expect(asked.filter(command => command.startsWith('pull'))).toHaveLength(2)
  expect(present).toBe(false)
})

test.each([
  ['goes where the image has another', `app:1\n${REFERENCE}\n`, ['image rm', 'image rm --force']],
  ['stays where it is the only one', `${REFERENCE}\n`, ['image rm']],
])('a name of an image in somebody’s container %s', async (_, names, removals) => {
  const conflict = {
    stderr: 'conflict: unable to remove repository reference: container 1 is using its referenced image 2',
  }
  const {cli, asked} = scriptedDocker(command => {
    if (command.startsWith('image inspect --format {{.Id}}')) return ABSENT
    if (command.startsWith('image inspect')) return names
    return command.startsWith('image rm app') ? conflict : ''
  })
  const pulls = trackPulls({cli, cleaner: cli, clock: testClock(), signal: new AbortController().signal}, () => {})
  await pulls.ensure(REFERENCE)
  await pulls.release(REFERENCE)
  const asRemovals = asked.filter(command => command.startsWith('image rm'))
  expect(asRemovals).toEqual(removals.map(removal => `${removal} ${REFERENCE}`))
})

test.each<[what: string, answers: readonly Answer[], fails: boolean]>([
  ['is gone then', [ABSENT], false],
  ['is removed then', [''], false],
  ['is there all the same', [{stderr: 'Error response from daemon: unrecognized image ID sha256:2'}], true],
])('an image that goes while another name of it is removed %s', async (_, answers, fails) => {
  const gone: Answer = {stderr: 'Error response from daemon: unrecognized image ID sha256:2'}
  const left = [gone, ...answers]
  const {cli, asked} = scriptedDocker(command => {
    if (command.startsWith('image inspect')) return ABSENT
    return command.startsWith('image rm') ? left.shift() : ''
  })
  const pulls = trackPulls({cli, cleaner: cli, clock: testClock(), signal: new AbortController().signal}, () => {})
  await pulls.ensure(REFERENCE)
  const removal = pulls.release(REFERENCE)
  if (fails) await expect(removal).rejects.toMatchObject({code: 'unavailable'})
  else await removal
  expect(asked.filter(command => command.startsWith('image rm'))).toHaveLength(2)
})
