import type {Facts, ImageFacts, PlatformFacts} from '../facts.ts'
import {formatPlatform} from '../platform/index.ts'
import type {Evidence, Finding, Level} from './finding.ts'

/** What a rule says; running it adds the rule's id, level and help. */
export interface Violation extends Pick<Finding, 'image' | 'platform' | 'path' | 'message' | 'cause' | 'fix'> {
  readonly evidence: Evidence
  /** Where this one is lighter or graver than the rule's own level. */
  readonly level?: Level
}

/** One rule: data, and a synchronous pure function of what was seen. Its id is its file, its page and its SARIF ruleId. */
export interface Rule {
  readonly id: string
  /** The level that findings have unless they say otherwise. */
  readonly level: Level
  /** One sentence: what a finding of this rule says. */
  readonly summary: string
  check(facts: Facts): Iterable<Violation>
}

/** Every platform that was read, with its image: what most rules walk over. */
export function* platformsOf(facts: Facts): Generator<{
  readonly image: ImageFacts
  readonly platform: PlatformFacts
  readonly at: {readonly image: string; readonly platform: string}
}> {
  for (const image of facts.images) {
    for (const platform of image.platforms) {
      yield {image, platform, at: {image: image.reference, platform: formatPlatform(platform.entry.platform)}}
    }
  }
}
