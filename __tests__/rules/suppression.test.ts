import {describe, expect, test} from '@jest/globals'
import type {Finding} from '../../src/rules/finding.ts'
import {countCovered, type Suppression, suppress} from '../../src/rules/suppression.ts'

const ARM64 = {os: 'linux', architecture: 'arm64', variant: '', osVersion: '', osFeatures: []}
const FINDING: Finding = {
  ...{rule: 'wrong-machine', level: 'error', image: 'ghcr.io/org/app:1.4.2', platform: 'linux/arm64'},
  ...{path: '/opt/bin/app', message: 'm', evidence: {}, help: 'h'},
}
const ON_FILE: Finding = {
  ...{rule: 'hardcoded-platform', level: 'warning', file: 'build/Dockerfile', line: 3},
  ...{message: 'm', evidence: {}, help: 'h'},
}

function suppression(change: Partial<Suppression> = {}): Suppression {
  const rest = {reason: 'known', until: '2027-01-31', place: 'p.yml:3:5', isExpired: false}
  return {rule: 'wrong-machine', ...rest, ...change}
}

const covers = (finding: Finding, ...suppressions: readonly Suppression[]): boolean =>
  suppress([finding], suppressions).suppressed.length === 1

describe('what is covered', () => {
  test.each<Partial<Suppression>>([
    {},
    {image: 'ghcr.io/org/app:1.4.2'},
    {image: 'ghcr.io/org/app'},
    {image: 'ghcr.io/org/*'},
    {image: 'ghcr.io/**'},
    {image: '**'},
    {image: 'ghcr.io/org/{app,lib}'},
    {image: 'ghcr.io/org/app:1.*'},
    {platform: ARM64},
    {platform: {...ARM64, variant: 'v8'}},
    {path: '/opt/bin/app'},
    {path: '/opt/**'},
    {path: '/opt/bin'},
    {path: '**/app'},
  ])('%j', change => expect(covers(FINDING, suppression(change))).toBe(true))

  test.each<Partial<Suppression>>([
    {rule: 'wrong-os'},
    {isExpired: true},
    {image: 'ghcr.io/org'},
    {image: 'ghcr.io/*'},
    {image: 'ghcr.io/org/ap'},
    {image: 'ghcr.io/org/app:1.4'},
    {image: 'org/app'},
    {image: '!ghcr.io/org/lib'},
    {platform: {...ARM64, architecture: 'amd64'}},
    {platform: {...ARM64, architecture: 'arm', variant: 'v7'}},
    {path: '/opt/bin/ap'},
    {path: '/opt/*'.replace('*', 'x*')},
    {path: 'app'},
  ])('not %j', change => expect(covers(FINDING, suppression(change))).toBe(false))

  test.each<[reference: string, glob: string, isCovered: boolean]>([
    ['nginx', 'docker.io/library/nginx', true],
    ['nginx:1', 'nginx', true],
    ['docker://ghcr.io/org/app:1', 'ghcr.io/org/*', true],
    ['docker-daemon:app:dev', 'app', true],
    [`ghcr.io/org/app@sha256:${'0'.repeat(64)}`, 'ghcr.io/org/app', true],
    ['localhost:5000/app:1', 'localhost:5000/*', true],
    ['oci:dist/app:1', 'oci:dist/*', true],
    ['oci:dist/app:1', 'dist/app', true],
    ['oci-archive:image.tar', 'oci-archive:*.tar', true],
    ['oci:dist/app', 'ghcr.io/**', false],
    ['evil.example/ghcr.io/org/app', 'ghcr.io/org/*', false],
    ['ghcr.io/org/app-extra', 'ghcr.io/org/app', false],
  ])('%s by %s: %s', (image, glob, isCovered) => {
    expect(covers({...FINDING, image}, suppression({image: glob}))).toBe(isCovered)
  })

  test('a Dockerfile: by a suppression that names no image', () => {
    const one = {rule: 'hardcoded-platform'}
    expect(covers(ON_FILE, suppression({...one, path: 'build/*'}))).toBe(true)
    expect(covers(ON_FILE, suppression({...one, image: '**'}))).toBe(false)
    expect(covers(ON_FILE, suppression({...one, path: '/build/*'}))).toBe(false)
  })

  test('a finding without a file is not covered by one with a path', () => {
    const {path: _, ...whole} = FINDING
    expect(covers(whole, suppression({path: '**'}))).toBe(false)
    expect(covers(whole, suppression())).toBe(true)
  })
})

describe('several platforms', () => {
  const both: Finding = {...FINDING, platforms: ['linux/arm64', 'linux/arm/v7']}
  const v7 = {...ARM64, architecture: 'arm', variant: 'v7'}

  test('one of them is not enough', () => {
    expect(covers(both, suppression({platform: ARM64}))).toBe(false)
    expect(covers(both, suppression({platform: v7}))).toBe(false)
  })

  test('each by one of its own', () => {
    const two = [suppression({platform: ARM64}), suppression({platform: v7, place: 'p.yml:9:5', reason: 'too'})]
    expect(suppress([both], two)).toEqual({
      kept: [],
      suppressed: [
        {
          ...both,
          suppressed: [
            {place: 'p.yml:3:5', reason: 'known', until: '2027-01-31'},
            {place: 'p.yml:9:5', reason: 'too', until: '2027-01-31'},
          ],
        },
      ],
    })
  })

  test('one for all of them', () => expect(covers(both, suppression())).toBe(true))
})

test('what is not covered stays as it is, in its order', () => {
  const findings = [ON_FILE, FINDING, {...FINDING, rule: 'wrong-os'}]
  expect(suppress(findings, [suppression()]).kept).toEqual([ON_FILE, {...FINDING, rule: 'wrong-os'}])
  expect(suppress(findings, []).kept).toBe(findings)
})

test('what an expired one covers is counted', () => {
  const findings = [FINDING, {...FINDING, path: '/b'}, ON_FILE]
  expect(countCovered(suppression({isExpired: true}), findings)).toBe(2)
})
