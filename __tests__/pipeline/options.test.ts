import {describe, expect, test} from '@jest/globals'
import {UsageError} from '../../src/errors.ts'
import {DEFAULTS, parseList, parseOptions, type RawOptions} from '../../src/pipeline/options.ts'

const written = (more: Partial<RawOptions>): RawOptions => ({
  image: ['app:1'],
  metadata: '',
  baseline: '',
  platforms: [],
  rules: [],
  ignore: [],
  dockerfile: [],
  ...DEFAULTS,
  ...more,
})

test.each([
  ['', []],
  ['a', ['a']],
  ['a,b', ['a', 'b']],
  ['a\nb\n', ['a', 'b']],
  [' a , b\r\n\n c ', ['a', 'b', 'c']],
  ['# all of them\na # the first\n  # nothing\nb', ['a', 'b']],
  ['app#1', ['app#1']],
  ['a # the first\r\nb # the second\r\n', ['a', 'b']],
])('the list %j', (text, entries) => {
  expect(parseList(text)).toEqual(entries)
})

describe('options', () => {
  test('as they are written', () => {
    const options = parseOptions(
      written({
        image: ['app:1', 'oci:out', 'app:1'],
        platforms: ['linux/arm64', 'linux/arm/v7'],
        failOn: 'warning',
        rules: ['undetermined=off', 'wrong-machine = note'],
        concurrency: '8',
        insecureRegistries: ['Registry.local:5000', '[fd00::1]:5000', '10.0.0.1'],
      }),
    )
    expect(options.images.map(image => image.text)).toEqual(['app:1', 'oci:out'])
    expect(options.platforms?.map(platform => platform.architecture)).toEqual(['arm64', 'arm'])
    expect(options).toMatchObject({failOn: 'warning', concurrency: 8})
    expect(options.insecureRegistries).toEqual(['registry.local:5000', '[fd00::1]:5000', '10.0.0.1'])
    expect([...options.rules]).toEqual([
      ['undetermined', 'off'],
      ['wrong-machine', 'note'],
    ])
  })

  test('a bare reference is read from where the user says, all others from where they say', () => {
    const images = ['app:1', 'docker://app:1', 'docker-daemon:app:1', 'oci:out']
    const transports = (source: string) =>
      parseOptions(written({image: images, source, baseline: 'app:0'})).images.map(({transport}) => transport)
    expect(transports('docker')).toEqual(['docker', 'registry', 'docker-daemon', 'oci'])
    expect(transports('registry')).toEqual(['registry', 'registry', 'docker-daemon', 'oci'])
    expect(parseOptions(written({source: 'registry', baseline: 'app:0'})).baseline?.transport).toBe('registry')
  })

  test('no platforms means every platform of the index', () => {
    expect(parseOptions(written({})).platforms).toBeUndefined()
  })

  test.each([
    [{image: []}, 'image: no image is given'],
    [{image: ['App']}, 'image: "App" is not an image reference'],
    [{platforms: ['linux']}, 'platforms: "linux"'],
    [{failOn: 'errors'}, 'fail-on: expected error, warning, never, got "errors"'],
    [{source: 'podman'}, 'source: expected docker, registry, got "podman"'],
    [{scope: 'all'}, 'scope: expected entrypoint, essential, image, got "all"'],
    [{insecureRegistries: ['http://r.local']}, 'insecure-registries: expected HOST[:PORT], got "http://r.local"'],
    [{insecureRegistries: ['r.local/app']}, 'insecure-registries: expected HOST[:PORT]'],
    [{insecureRegistries: ['10.0.0.0/8']}, 'insecure-registries: expected HOST[:PORT]'],
    [{insecureRegistries: ['']}, 'insecure-registries: expected HOST[:PORT]'],
    [{timeout: '5'}, 'timeout: expected a time such as 90s, 30m or 2h, up to 24h, or 0 for no limit, got "5"'],
    [{cache: 'yes'}, 'cache: expected true or false, got "yes"'],
    [{concurrency: '0'}, 'concurrency: expected a number from 1 to 64, got "0"'],
    [{concurrency: '65'}, 'concurrency: expected'],
    [{concurrency: 'many'}, 'got "many"'],
    [
      {ignore: ['opt/sdk']},
      'ignore: expected an absolute path or glob such as /opt/sdk/** or **/testdata/**, got "opt/sdk"',
    ],
    [{rules: ['wrong-machine']}, 'rules: expected RULE=error|warning|note|off, got "wrong-machine"'],
    [{rules: ['wrong-machine=fatal']}, 'rules: expected'],
    [{rules: ['no-such-rule=off']}, 'rules: there is no rule "no-such-rule"; the rules are platform-missing,'],
  ])('%j is a mistake', (more, message) => {
    expect(() => parseOptions(written(more))).toThrow(UsageError)
    expect(() => parseOptions(written(more))).toThrow(message)
  })

  test('all mistakes are told at once', () => {
    expect(() => parseOptions(written({image: ['App'], concurrency: 'x'}))).toThrow(/image: .*\nconcurrency: /)
  })
})
