import type {Startup, Step} from '../../src/exec/index.ts'
import type {Facts, ImageFacts, PlatformFacts} from '../../src/facts/facts.ts'
import type {FileNode} from '../../src/image/rootfs.ts'
import type {Finding} from '../../src/rules/finding.ts'
import type {Rule} from '../../src/rules/rule.ts'
import {checkAll, checkPlatform} from '../../src/rules/run.ts'
import {imageConfig} from './image-config.ts'
import {testEntry, testPlatform, testRoot} from './memory-source.ts'

/** Facts from literals, for the tests of rules. */
export function testFacts(platforms: readonly PlatformFacts[], more: Partial<ImageFacts> = {}): Facts {
  return {
    images: [
      {
        reference: 'app:1',
        name: 'app',
        root: testRoot(platforms.map(({entry}) => `${entry.platform.os}/${entry.platform.architecture}`)),
        required: undefined,
        platforms,
        unreadable: [],
        ...more,
      },
    ],
  }
}

export function testPlatformFacts(platform: string, startup: Partial<Startup>, user = ''): PlatformFacts {
  return {
    entry: testEntry(platform, 1),
    config: imageConfig({platform: testPlatform(platform), user}),
    layers: [],
    programs: [],
    essential: [],
    startup: {argv: ['/app'], steps: [], unknowns: [], ...startup},
  }
}

export function testStep(step: Partial<Step> = {}): Step {
  return {path: '/app', via: 'entrypoint', role: 'program', certainty: 'certain', hops: [], ...step}
}

export function testNode(path: string, mode = 0o755): FileNode {
  return {path, kind: 'file', mode, uid: 0, gid: 0, size: 1000}
}

/** What a rule says of an image with one platform on which these steps are taken. */
export function violationsOf(rule: Rule, steps: readonly Step[], platform = 'linux/arm64', user = ''): Finding[] {
  return findingsOf(rule, testFacts([testPlatformFacts(platform, {steps}, user)]))
}

/** What a rule says, in the order in which it says it. */
export function findingsOf(rule: Rule, facts: Facts): Finding[] {
  const ofPlatforms = facts.images.flatMap(image =>
    image.platforms.flatMap(platform => checkPlatform([rule], new Map(), image, platform)),
  )
  return [...ofPlatforms, ...checkAll([rule], new Map(), facts)].map(({finding}) => finding)
}
