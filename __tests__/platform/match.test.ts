import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {canRun, formatPlatform, isRequested, platformsEqual, platformVector} from '../../src/platform/index.ts'
import {platform} from '../support/platforms.ts'

// containerd/platforms compare_test.go TestOnly at 09756f59, row by row: host, what it takes, what it does not.
const ONLY: readonly (readonly [host: string, takes: string, refuses: string])[] = [
  ['linux/amd64', 'linux/amd64 linux/386', 'linux/amd64/v2 linux/arm/v7 linux/arm64 windows/amd64 windows/arm'],
  [
    'linux/amd64/v2',
    'linux/amd64 linux/amd64/v1 linux/amd64/v2 linux/386',
    'linux/amd64/v3 linux/amd64/v4 linux/arm/v7 linux/arm64 windows/amd64 windows/arm',
  ],
  ['linux/386', 'linux/386', 'linux/amd64 linux/arm/v7 linux/arm64 windows/amd64 windows/arm'],
  ['windows/amd64', 'windows/amd64 windows(10.0.17763)/amd64', 'linux/amd64 linux/arm/v7 linux/arm64 windows/arm'],
  [
    'linux/arm/v8',
    'linux/arm linux/arm/v5 linux/arm/v6 linux/arm/v7 linux/arm/v8',
    'linux/amd64 linux/arm/v4 linux/arm64 windows/amd64 windows/arm',
  ],
  [
    'linux/arm/v7',
    'linux/arm linux/arm/v5 linux/arm/v6 linux/arm/v7',
    'linux/amd64 linux/arm/v4 linux/arm/v8 linux/arm64 windows/amd64 windows/arm',
  ],
  [
    'linux/arm/v6',
    'linux/arm/v5 linux/arm/v6',
    'linux/amd64 linux/arm linux/arm/v4 linux/arm/v7 linux/arm/v8 linux/arm64 windows/amd64 windows/arm',
  ],
  [
    'linux/arm/v5',
    'linux/arm/v5',
    'linux/amd64 linux/arm linux/arm/v4 linux/arm/v6 linux/arm/v7 linux/arm/v8 linux/arm64 windows/amd64 windows/arm',
  ],
  [
    'linux/arm/v4',
    'linux/arm/v4',
    'linux/amd64 linux/arm linux/arm/v5 linux/arm/v6 linux/arm/v7 linux/arm/v8 linux/arm64 windows/amd64 windows/arm',
  ],
  [
    'linux/arm64/v9.6',
    'linux/arm linux/arm/v5 linux/arm/v6 linux/arm/v7 linux/arm/v8 linux/arm64 linux/arm64/v8 linux/arm64/v8.1 linux/arm64/v8.2 linux/arm64/v8.3 linux/arm64/v8.4 linux/arm64/v8.5 linux/arm64/v8.6 linux/arm64/v8.7 linux/arm64/v8.8 linux/arm64/v8.9 linux/arm64/v9 linux/arm64/v9.0 linux/arm64/v9.1 linux/arm64/v9.2 linux/arm64/v9.3 linux/arm64/v9.4 linux/arm64/v9.5 linux/arm64/v9.6',
    'linux/amd64 linux/arm/v4 windows/amd64 windows/arm linux/arm64/v8.10',
  ],
  [
    'linux/arm64/v9',
    'linux/arm linux/arm/v5 linux/arm/v6 linux/arm/v7 linux/arm/v8 linux/arm64 linux/arm64/v8 linux/arm64/v8.1 linux/arm64/v8.2 linux/arm64/v8.3 linux/arm64/v8.4 linux/arm64/v8.5 linux/arm64/v9 linux/arm64/v9.0',
    'linux/amd64 linux/arm/v4 windows/amd64 windows/arm linux/arm64/v8.6',
  ],
  [
    'linux/arm64/v8.1',
    'linux/arm linux/arm/v5 linux/arm/v6 linux/arm/v7 linux/arm/v8 linux/arm64 linux/arm64/v8 linux/arm64/v8.1',
    'linux/amd64 linux/arm/v4 linux/arm/v9 linux/arm64/v9 windows/amd64 windows/arm',
  ],
  [
    'linux/arm64',
    'linux/arm linux/arm/v5 linux/arm/v6 linux/arm/v7 linux/arm/v8 linux/arm64 linux/arm64/v8',
    'linux/amd64 linux/arm/v4 linux/arm/v9 linux/arm64/v9 windows/amd64 windows/arm',
  ],
]

// TestOnlyStrict of the same file.
const ONLY_STRICT: readonly (readonly [request: string, takes: string, refuses: string])[] = [
  ['linux/amd64', 'linux/amd64', 'linux/386 linux/arm/v7 linux/arm64 windows/amd64 windows/arm'],
  ['linux/386', 'linux/386', 'linux/amd64 linux/arm/v7 linux/arm64 windows/amd64 windows/arm'],
  ['windows/amd64', 'windows/amd64 windows(10.0.17763)/amd64', 'linux/amd64 linux/arm/v7 linux/arm64 windows/arm'],
  [
    'windows(10.0.17763)/amd64',
    'windows/amd64 windows(10.0.17763)/amd64',
    'linux/amd64 linux/arm/v7 linux/arm64 windows/arm',
  ],
  [
    'linux/arm/v8',
    'linux/arm/v8',
    'linux/arm linux/arm/v5 linux/arm/v6 linux/arm/v7 linux/amd64 linux/arm/v4 linux/arm64 windows/amd64 windows/arm',
  ],
  [
    'linux/arm/v7',
    'linux/arm linux/arm/v7',
    'linux/arm/v5 linux/arm/v6 linux/amd64 linux/arm/v4 linux/arm/v8 linux/arm64 windows/amd64 windows/arm',
  ],
  [
    'linux/arm/v6',
    'linux/arm/v6',
    'linux/arm/v5 linux/amd64 linux/arm linux/arm/v4 linux/arm/v7 linux/arm/v8 linux/arm64 windows/amd64 windows/arm',
  ],
  [
    'linux/arm/v5',
    'linux/arm/v5',
    'linux/amd64 linux/arm linux/arm/v4 linux/arm/v6 linux/arm/v7 linux/arm/v8 linux/arm64 windows/amd64 windows/arm',
  ],
  [
    'linux/arm/v4',
    'linux/arm/v4',
    'linux/amd64 linux/arm linux/arm/v5 linux/arm/v6 linux/arm/v7 linux/arm/v8 linux/arm64 windows/amd64 windows/arm',
  ],
  [
    'linux/arm64/v9.5',
    'linux/arm64/v9.5',
    'linux/arm linux/arm/v5 linux/arm/v6 linux/arm/v7 linux/arm/v8 linux/amd64 linux/arm/v4 linux/arm64/v8 linux/arm64/v8.1 linux/arm64/v9 linux/arm64/v9.1 linux/arm64/v9.4 windows/amd64 windows/arm',
  ],
  [
    'linux/arm64/v9',
    'linux/arm64/v9 linux/arm64/v9.0',
    'linux/arm linux/arm/v5 linux/arm/v6 linux/arm/v7 linux/arm/v8 linux/amd64 linux/arm/v4 linux/arm/v9 linux/arm64/v8 linux/arm64/v8.1 windows/amd64 windows/arm',
  ],
  [
    'linux/arm64/v8.1',
    'linux/arm64/v8.1',
    'linux/arm linux/arm/v5 linux/arm/v6 linux/arm/v7 linux/arm/v8 linux/amd64 linux/arm/v4 linux/arm/v9 linux/arm64/v8 linux/arm64/v9 windows/amd64 windows/arm',
  ],
  [
    'linux/arm64',
    'linux/arm64 linux/arm64/v8',
    'linux/arm linux/arm/v5 linux/arm/v6 linux/arm/v7 linux/arm/v8 linux/amd64 linux/arm/v4 linux/arm/v9 linux/arm64/v9 windows/amd64 windows/arm',
  ],
]

describe('canRun', () => {
  test.each(ONLY)('%s', (host, takes, refuses) => {
    const answer = (image: string) => [image, canRun(platform(host), platform(image))]
    expect(takes.split(' ').map(answer)).toEqual(takes.split(' ').map(image => [image, true]))
    expect(refuses.split(' ').map(answer)).toEqual(refuses.split(' ').map(image => [image, false]))
  })

  test('a variant that no arm64 machine has takes nothing', () => {
    expect(platformVector(platform('linux/arm64/v7'))).toEqual([])
    expect(canRun(platform('linux/arm64/v7'), platform('linux/arm64/v7'))).toBe(false)
  })

  test('other architectures take themselves, with the exact variant', () => {
    expect(canRun(platform('linux/riscv64'), platform('linux/riscv64'))).toBe(true)
    expect(canRun(platform('linux/riscv64'), platform('linux/riscv64/rva22u64'))).toBe(false)
  })

  test('a host always takes its own platform first', () => {
    const arch = fc.constantFrom('amd64', '386', 'arm', 'ppc64le', 's390x', 'riscv64', 'loong64', 'mips64le')
    const variant = fc.constantFrom('', 'v1', 'v2', 'v3', 'v5', 'v6', 'v7', 'v8')
    fc.assert(
      fc.property(arch, variant, (architecture, level) => {
        const host = {os: 'linux', architecture, variant: level}
        expect(canRun(host, host)).toBe(true)
        const [first] = platformVector(host)
        expect(first && platformsEqual(first, host)).toBe(true)
      }),
    )
  })

  test('the vector of arm64/v9.6, the best first', () => {
    expect(platformVector(platform('linux/arm64/v9.6')).map(formatPlatform).join(' ')).toBe(
      'linux/arm64/v9.6 linux/arm64/v9.5 linux/arm64/v9.4 linux/arm64/v9.3 linux/arm64/v9.2 linux/arm64/v9.1 linux/arm64/v9 ' +
        'linux/arm64/v8.9 linux/arm64/v8.8 linux/arm64/v8.7 linux/arm64/v8.6 linux/arm64/v8.5 linux/arm64/v8.4 ' +
        'linux/arm64/v8.3 linux/arm64/v8.2 linux/arm64/v8.1 linux/arm64 linux/arm/v8 linux/arm/v7 linux/arm/v6 linux/arm/v5',
    )
  })
})

describe('isRequested', () => {
  test.each(ONLY_STRICT)('%s', (request, takes, refuses) => {
    const answer = (image: string) => [image, isRequested(platform(request), platform(image))]
    expect(takes.split(' ').map(answer)).toEqual(takes.split(' ').map(image => [image, true]))
    expect(refuses.split(' ').map(answer)).toEqual(refuses.split(' ').map(image => [image, false]))
  })
})

describe('platformsEqual', () => {
  test.each([
    ['linux/arm', 'linux/arm/v7', true],
    ['linux/arm64', 'linux/aarch64/v8', true],
    ['linux/amd64', 'linux/amd64/v1', true],
    ['linux/amd64', 'linux/386', false],
    ['linux/arm/v6', 'linux/arm', false],
    ['windows(10.0.20348)/amd64', 'windows/amd64', true],
    ['windows(10.0.20348)/amd64', 'windows(10.0.26100)/amd64', false],
  ])('%s and %s: %p', (a, b, expected) => {
    expect(platformsEqual(platform(a), platform(b))).toBe(expected)
    expect(platformsEqual(platform(b), platform(a))).toBe(expected)
  })
})

// platform_windows_compat_test.go Test_PlatformCompat: builds of host and container.
describe('windows versions', () => {
  test.each([
    [17763, 17763, true],
    [17763, 20348, false],
    [20348, 17763, false],
    [20348, 20348, true],
    [22621, 17763, false],
    [22621, 20348, true],
    [25398, 17763, false],
    [25398, 20348, true],
    [26100, 20348, true],
    [20348, 26100, false],
    [20348, 22621, false],
    [26100, 22621, true],
  ])('a host of build %i runs a container of build %i: %p', (host, container, expected) => {
    const windows = (build: number) => platform(`windows(10.0.${build}.1)/amd64`)
    expect(canRun(windows(host), windows(container))).toBe(expected)
  })

  test.each([
    ['windows/amd64', 'windows(10.0.17763)/amd64', true],
    ['windows(10.0.17763)/amd64', 'windows/amd64', true],
    ['windows(not.a.version)/amd64', 'windows(10.0.17763)/amd64', true],
    ['windows(10.0.17763)/amd64', 'windows(not.a.version)/amd64', false],
    ['windows(10.0.20348)/amd64', 'windows(11.0.20348)/amd64', false],
    ['windows(10.0.20348)/amd64', 'windows(10.0.99999)/amd64', false],
  ])('%s takes %s: %p', (host, image, expected) => {
    expect(canRun(platform(host), platform(image))).toBe(expected)
  })
})
