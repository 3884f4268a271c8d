import {describe, expect, test} from '@jest/globals'
import {SourceError} from '../../src/errors.ts'
import {parseLocation} from '../../src/image/location.ts'
import type {ImageSource} from '../../src/image/source.ts'
import {createLimiter} from '../../src/lib/concurrency.ts'
import {type ExamineOptions, examineImage} from '../../src/pipeline/examine.ts'
import {buildElf} from '../support/elf-builder.ts'
import {executable} from '../support/memory-rootfs.ts'
import {type MemoryImage, memoryImages, testPlatform} from '../support/memory-source.ts'

const AMD64 = executable(buildElf({machine: 62}))
const ARM64 = executable(buildElf({machine: 183}))
const config = {entrypoint: ['/app']}
const RIGHT = {platform: 'linux/amd64', config, files: {'/app': AMD64}}
const WRONG = {platform: 'linux/arm64', config, files: {'/app': AMD64}}

/** The source, and what is asked of it, in order. */
async function traced(image: MemoryImage): Promise<{source: ImageSource; log: string[]}> {
  const log: string[] = []
  const location = parseLocation('app:1')
  if (!location.ok) throw new Error(location.problem)
  const source = await memoryImages({'app:1': image}).open(location.value, {cache: false, insecureRegistries: []})
  const platformImage: ImageSource['platformImage'] = async entry => {
    const opened = await source.platformImage(entry)
    const name = entry.platform.architecture
    log.push(`open ${name}`)
    return {
      ...opened,
      layersOf: async paths => {
        log.push(`ask ${name} ${paths.join()}`)
        return {layers: [], of: new Map()}
      },
      close: async () => {
        log.push(`close ${name}`)
        await opened.close()
      },
    }
  }
  return {source: {...source, platformImage}, log}
}

async function examine(image: MemoryImage, more: Partial<ExamineOptions> = {}) {
  const {source, log} = await traced(image)
  const options = {required: undefined, scope: 'entrypoint', rules: new Map(), failOn: 'error', ...more} as const
  const examined = await examineImage(source, options, createLimiter(1))
  const findings = examined.findings.map(({finding}) => `${finding.rule} ${finding.platform} ${finding.path}`)
  return {...examined, findings, log}
}

describe('examineImage', () => {
  test('asks where wrong files are from while the image is open', async () => {
    const {findings, log} = await examine({platforms: [RIGHT, WRONG]})
    expect(findings).toEqual(['wrong-machine linux/arm64 /app'])
    expect(log).toEqual(['open amd64', 'close amd64', 'open arm64', 'ask arm64 /app', 'close arm64'])
  })

  test.each<[string, Partial<ExamineOptions>]>([
    ['a rule that is off', {rules: new Map([['wrong-machine', 'off']])}],
    ['a finding that fails no job', {rules: new Map([['wrong-machine', 'warning']])}],
  ])('asks nothing for %s', async (_, options) => {
    const {log} = await examine({platforms: [WRONG]}, options)
    expect(log).toEqual(['open arm64', 'close arm64'])
  })

  test('a warning is asked for where warnings fail the job', async () => {
    const options: Partial<ExamineOptions> = {rules: new Map([['wrong-machine', 'warning']]), failOn: 'warning'}
    expect((await examine({platforms: [WRONG]}, options)).log).toContain('ask arm64 /app')
  })

  test('findings stand in the order of the platforms', async () => {
    const arm = {...WRONG, platform: 'linux/arm/v7'}
    const {findings} = await examine({platforms: [arm, {...RIGHT, files: {'/app': ARM64}}, WRONG]})
    expect(findings).toEqual([
      'wrong-machine linux/arm/v7 /app',
      'wrong-machine linux/amd64 /app',
      'wrong-machine linux/arm64 /app',
    ])
  })

  test('opens only the platforms that are asked for, and none of another system', async () => {
    const windows = {platform: 'windows/amd64'}
    const {image, log, findings} = await examine(
      {platforms: [RIGHT, WRONG, windows]},
      {required: [testPlatform('linux/amd64'), testPlatform('windows/amd64')]},
    )
    expect(image.platforms.map(({entry}) => entry.platform.os)).toEqual(['linux', 'windows'])
    expect(log).toEqual(['open amd64', 'close amd64'])
    expect(findings).toEqual([])
  })

  test.each(['not-found', 'blob-missing', 'digest-mismatch', 'malformed'] as const)(
    'a platform that fails with %s is unreadable, and the others are examined',
    async code => {
      const broken = {platform: 'linux/s390x', failure: new SourceError(code, 'it is not there')}
      const {image, findings} = await examine({platforms: [broken, WRONG]})
      expect(image.unreadable).toMatchObject([{code, message: 'it is not there'}])
      expect(findings).toEqual(['wrong-machine linux/arm64 /app'])
    },
  )

  test('a source that does not answer is no fault of the image', async () => {
    const failure = new SourceError('unavailable', 'no answer')
    await expect(examine({platforms: [RIGHT, {platform: 'linux/s390x', failure}]})).rejects.toBe(failure)
  })
})
