import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {
  formatPlatform,
  formatPlatformFully,
  normalisePlatform,
  type Platform,
  parsePlatform,
  platformsEqual,
} from '../../src/platform/index.ts'
import {platform} from '../support/platforms.ts'

describe('parsePlatform', () => {
  // containerd/platforms platforms_test.go TestParseSelector, the rows that do not need a host.
  test.each([
    ['linux/arm64', {os: 'linux', architecture: 'arm64', variant: ''}, 'linux/arm64'],
    ['linux/arm64/v8', {os: 'linux', architecture: 'arm64', variant: 'v8'}, 'linux/arm64/v8'],
    ['linux/arm', {os: 'linux', architecture: 'arm', variant: ''}, 'linux/arm'],
    ['linux/arm/v6', {os: 'linux', architecture: 'arm', variant: 'v6'}, 'linux/arm/v6'],
    ['linux/arm/v7', {os: 'linux', architecture: 'arm', variant: 'v7'}, 'linux/arm/v7'],
    ['linux/arm/7', {os: 'linux', architecture: 'arm', variant: 'v7'}, 'linux/arm/v7'],
    ['linux/armel', {os: 'linux', architecture: 'arm', variant: 'v6'}, 'linux/arm/v6'],
    ['linux/armhf', {os: 'linux', architecture: 'arm', variant: ''}, 'linux/arm'],
    ['linux/Aarch64', {os: 'linux', architecture: 'arm64', variant: ''}, 'linux/arm64'],
    ['Linux/x86_64', {os: 'linux', architecture: 'amd64', variant: ''}, 'linux/amd64'],
    ['linux/x86-64', {os: 'linux', architecture: 'amd64', variant: ''}, 'linux/amd64'],
    ['linux/i386', {os: 'linux', architecture: '386', variant: ''}, 'linux/386'],
    ['linux/s390x', {os: 'linux', architecture: 's390x', variant: ''}, 'linux/s390x'],
    ['macOS/arm64', {os: 'darwin', architecture: 'arm64', variant: ''}, 'darwin/arm64'],
    ['linux/amd64/v1', {os: 'linux', architecture: 'amd64', variant: ''}, 'linux/amd64'],
    ['linux/amd64/v3', {os: 'linux', architecture: 'amd64', variant: 'v3'}, 'linux/amd64/v3'],
    ['linux/whatever/x9', {os: 'linux', architecture: 'whatever', variant: 'x9'}, 'linux/whatever/x9'],
    ['windows()/amd64', {os: 'windows', architecture: 'amd64', variant: ''}, 'windows/amd64'],
  ])('%s', (text, expected, formatted) => {
    expect(parsePlatform(text)).toEqual({ok: true, value: expected})
    expect(formatPlatform(platform(text))).toBe(formatted)
    expect(platform(formatted)).toEqual(platform(text))
  })

  test.each([
    ['windows(10.0.17763)/amd64', '10.0.17763'],
    ['windows(10.0.17763%2Bbuild.42)/amd64', '10.0.17763+build.42'],
    ['windows(50%25done)/amd64', '50%done'],
    ['windows(1.0%28beta%29)/amd64', '1.0(beta)'],
    ['windows(a%2Fb)/amd64', 'a/b'],
  ])('%s has an OS version, and survives the round trip', (text, osVersion) => {
    expect(platform(text)).toEqual({os: 'windows', architecture: 'amd64', variant: '', osVersion})
    expect(formatPlatformFully(platform(text))).toBe(text)
    expect(formatPlatform(platform(text))).toBe('windows/amd64')
  })

  // TestParseSelectorInvalid, and what would need a host.
  test.each([
    ['', 'expected os/architecture'],
    ['/linux/arm', 'expected os/architecture'],
    ['linux/arm/', 'expected os/architecture'],
    ['linux /arm', 'expected os/architecture'],
    ['linux/&arm', 'expected os/architecture'],
    ['linux/arm/foo/bar', 'expected os/architecture'],
    ['linux/arm/v7/', 'expected os/architecture'],
    ['*/arm64', 'expected os/architecture'],
    ['linux', 'expected os/architecture'],
    ['linux/arm64\n', 'expected os/architecture'],
    ['linux/ürm', 'expected os/architecture'],
    ['arm64', 'did you mean linux/arm64?'],
    ['armhf', 'did you mean linux/arm/v7?'],
    ['x86_64', 'did you mean linux/amd64?'],
    ['windows(10.0.17763+win32k)/amd64', 'OS features'],
    ['windows(%zz)/amd64', 'percent-encoded'],
  ])('%j is refused, quoted', (text, why) => {
    const result = parsePlatform(text)
    expect(result).toMatchObject({ok: false, problem: expect.stringContaining(why)})
    expect(result).toMatchObject({problem: expect.stringContaining(JSON.stringify(text))})
  })

  test('a platform without os is unknown', () => {
    expect(formatPlatform({os: '', architecture: 'amd64', variant: ''})).toBe('unknown')
  })
})

describe('normalisePlatform', () => {
  // Every row of containerd/platforms database.go normalizeArch.
  test.each([
    ['i386', '', '386', ''],
    ['i386', 'sse2', '386', ''],
    ['386', 'sse2', '386', 'sse2'],
    ['x86_64', 'v1', 'amd64', ''],
    ['x86-64', 'v1', 'amd64', ''],
    ['amd64', 'V1', 'amd64', ''],
    ['AMD64', 'v2', 'amd64', 'v2'],
    ['amd64', 'v4', 'amd64', 'v4'],
    ['aarch64', '', 'arm64', ''],
    ['arm64', '8', 'arm64', ''],
    ['arm64', 'v8', 'arm64', ''],
    ['arm64', 'v8.0', 'arm64', ''],
    ['arm64', '9', 'arm64', 'v9'],
    ['arm64', '9.0', 'arm64', 'v9'],
    ['arm64', 'v9.0', 'arm64', 'v9'],
    ['arm64', 'v9', 'arm64', 'v9'],
    ['arm64', 'v8.1', 'arm64', 'v8.1'],
    ['arm64', 'v7', 'arm64', 'v7'],
    ['armhf', 'v5', 'arm', 'v7'],
    ['armel', 'v7', 'arm', 'v6'],
    ['arm', '', 'arm', 'v7'],
    ['arm', '7', 'arm', 'v7'],
    ['arm', '5', 'arm', 'v5'],
    ['arm', '6', 'arm', 'v6'],
    ['arm', '8', 'arm', 'v8'],
    ['arm', 'v5', 'arm', 'v5'],
    ['arm', 'V6', 'arm', 'v6'],
    ['RISCV64', 'RVA22U64', 'riscv64', 'rva22u64'],
    ['constructor', '__proto__', 'constructor', '__proto__'],
    ['arm', 'constructor', 'arm', 'constructor'],
  ])('%s %j is %s %j', (architecture, variant, toArchitecture, toVariant) => {
    expect(normalisePlatform({os: 'Linux', architecture, variant})).toEqual({
      os: 'linux',
      architecture: toArchitecture,
      variant: toVariant,
    })
  })

  test.each([
    ['macOS', 'darwin'],
    ['LINUX', 'linux'],
    ['', ''],
  ])('os %j is %j', (os, expected) => {
    expect(normalisePlatform({os, architecture: 'amd64', variant: ''}).os).toBe(expected)
  })
})

describe('properties', () => {
  const word = fc.stringMatching(/^[A-Za-z0-9_.-]{1,10}$/)
  const os = fc.oneof(
    fc.constantFrom('linux', 'windows', 'Darwin', 'macos'),
    fc.stringMatching(/^[A-Za-z0-9_-]{1,10}$/),
  )
  const architecture = fc.oneof(
    fc.constantFrom('amd64', 'arm', 'arm64', 'armhf', 'armel', 'i386', 'aarch64', 'x86_64', 'ppc64le'),
    word,
  )
  const variant = fc.oneof(fc.constantFrom('', 'v5', 'v6', 'v7', 'v8', '8', 'v9', 'v8.1', 'v1', 'v3'), word)
  const osVersion = fc.option(fc.string({minLength: 1}), {nil: undefined})
  const anyPlatform = fc
    .record({os, architecture, variant, osVersion})
    .map(({osVersion: version, ...rest}): Platform => (version === undefined ? rest : {...rest, osVersion: version}))

  test('what is parsed, formatted and parsed again is the same', () => {
    fc.assert(
      fc.property(fc.tuple(os, architecture, fc.option(word)), ([a, b, c]) => {
        const parsed = platform(c === null ? `${a}/${b}` : `${a}/${b}/${c}`)
        expect(platform(formatPlatform(parsed))).toEqual(parsed)
      }),
    )
  })

  test('what the full format writes is read back equal', () => {
    fc.assert(
      fc.property(anyPlatform, value => {
        const version = value.osVersion ?? ''
        fc.pre(/^[A-Za-z0-9_.+%()/-]*$/.test(version))
        const back = platform(formatPlatformFully(value))
        expect(platformsEqual(back, value)).toBe(true)
        expect(back.osVersion ?? '').toBe(version)
      }),
      {numRuns: 500},
    )
  })

  test('normalising twice is normalising once', () => {
    fc.assert(
      fc.property(anyPlatform, value => {
        const once = normalisePlatform(value)
        expect(normalisePlatform(once)).toEqual(once)
      }),
    )
  })

  test('equality holds for a platform and itself, and in both directions', () => {
    fc.assert(
      fc.property(anyPlatform, anyPlatform, (a, b) => {
        expect(platformsEqual(a, normalisePlatform(a))).toBe(true)
        expect(platformsEqual(a, b)).toBe(platformsEqual(b, a))
      }),
    )
  })

  test('no text makes it throw, and every refusal quotes the text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map(text => `linux/${text}`),
        ),
        text => {
          const result = parsePlatform(text)
          if (result.ok) expect(result.value.os).not.toBe('')
          else expect(result.problem).toContain(JSON.stringify(text))
        },
      ),
      {numRuns: 1000},
    )
  })
})
