import {describe, expect, test} from '@jest/globals'
import type {BuildRecord} from '../../src/explain/background.ts'
import {findProvenanceDockerfiles, workspacePath} from '../../src/explain/provenance-dockerfiles.ts'
import type {DockerfileFacts} from '../../src/facts/facts.ts'
import type {Provenance} from '../../src/provenance/index.ts'
import {testDockerfile} from '../support/dockerfile-facts.ts'
import {readFixture} from '../support/provenance.ts'

test.each<[string, string | undefined, string]>([
  ['Dockerfile', undefined, 'Dockerfile'],
  ['Dockerfile', '.', 'Dockerfile'],
  ['Dockerfile.prod', 'docker', 'docker/Dockerfile.prod'],
  ['Dockerfile', 'a/./b//', 'a/b/Dockerfile'],
  ['Dockerfile', '../outside', 'Dockerfile'],
  ['../../etc/passwd', undefined, 'passwd'],
  ['/etc/passwd', undefined, 'etc/passwd'],
  ['Dockerfile', '/abs', 'Dockerfile'],
  ['..', undefined, 'Dockerfile'],
  ['', undefined, 'Dockerfile'],
])('%j in %j is %s', (filename, folder, expected) => {
  expect(workspacePath(filename, folder)).toBe(expected)
})

const file = (name: string, text: string): DockerfileFacts => testDockerfile(text, {file: name})

async function gather(
  provenance: Provenance,
  dockerfiles: readonly DockerfileFacts[],
  files: Readonly<Record<string, string>>,
) {
  const record: BuildRecord = {layers: [], layerOf: new Map(), provenance, problems: []}
  const gathered: string[] = []
  const all = await findProvenanceDockerfiles([record, record], {
    dockerfiles,
    readFile: async path => files[path],
    gather: async text => {
      gathered.push(text.file)
      return file(text.file, text.text)
    },
  })
  return {gathered, found: all.map(one => [one.file, one.isInWorkspace])}
}

describe('a Dockerfile of the provenance', () => {
  const provenance = readFixture('link-max-v1')
  const text = provenance.files[0]?.text ?? ''
  const name = 'docker/Dockerfile.prod'

  test.each<[string, readonly DockerfileFacts[], Readonly<Record<string, string>>, string, boolean]>([
    ['is nowhere in the workspace', [], {}, name, false],
    ['stands where the provenance says', [], {[name]: text}, name, true],
    ['stands there with other line ends', [], {[name]: text.replaceAll('\n', '\r\n')}, name, true],
    ['has changed since', [], {[name]: `# new\n${text}`}, name, false],
    ['is one that was asked for', [file('other/Dockerfile', text)], {}, 'other/Dockerfile', true],
    ['is not one that was asked for', [file('other/Dockerfile', `# new\n${text}`)], {}, name, false],
  ])('that %s', async (_, dockerfiles, files, expected, isInWorkspace) => {
    const {found} = await gather(provenance, dockerfiles, files)
    expect(found).toEqual([[expected, isInWorkspace]])
  })

  test('is gathered once for all platforms, and not at all where it was before', async () => {
    expect((await gather(provenance, [], {})).gathered).toEqual([name])
    expect((await gather(provenance, [file('x', text)], {})).gathered).toEqual([])
  })

  test('many of them: only so many are read', async () => {
    const files = Array.from({length: 99}, (_, at) => ({filename: `D${at}`, isDockerfile: true, text: `FROM x${at}`}))
    expect((await gather({...provenance, files}, [], {})).found).toHaveLength(8)
  })

  test('that is none is left aside', async () => {
    const files = [{filename: 'build.hcl', isDockerfile: false, text: 'x'}]
    expect((await gather({...provenance, files}, [], {})).found).toEqual([])
  })
})
