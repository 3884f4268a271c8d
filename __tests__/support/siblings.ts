import {describe, expect, test} from '@jest/globals'
import type {Scope} from '../../src/facts/scope.ts'
import type {ImageConfig} from '../../src/image/config.ts'
import {findingsOfImage} from './image-findings.ts'
import type {MemoryEntry, MemoryTree} from './memory-rootfs.ts'

/** A small change of an image. */
export interface Change {
  /** Files that are added or replaced; null for one that is gone. */
  readonly files?: Readonly<Record<string, MemoryEntry | null>>
  readonly config?: Partial<ImageConfig>
}

/**
 * A good image, and small changes of it. After a `good` one no rule reports an error; after a `broken` one exactly one
 * does, the one that is named.
 */
export interface Kind {
  readonly files: MemoryTree
  readonly config: Partial<ImageConfig>
  readonly good: readonly (readonly [what: string, change: Change])[]
  readonly broken: readonly (readonly [what: string, change: Change, rule: string])[]
}

/** Tests each kind: the good image, and each change of it. */
export function testSiblings(kinds: Readonly<Record<string, Kind>>): void {
  describe.each(Object.entries(kinds))('%s', (_, kind) => {
    test.each(kind.good)('good: %s', async (_, change) => {
      expect(await errorsOf(kind, change, 'image')).toEqual([])
    })

    test.each(kind.broken)('broken: %s', async (_, change, rule) => {
      expect(await errorsOf(kind, change, 'entrypoint')).toEqual([expect.stringMatching(new RegExp(`^${rule}: `))])
    })

    // A warning that the chain cannot be followed would hide behind no error.
    test.each(kind.good)('good, and followed to the end: %s', async (_, change) => {
      const findings = await findingsOfImage(changed(kind, change))
      expect(findings.filter(({level, rule}) => level === 'warning' && rule === 'undetermined')).toEqual([])
    })
  })
}

function changed(kind: Kind, {files = {}, config = {}}: Change) {
  const entries = Object.entries({...kind.files, ...files}).filter(([, entry]) => entry !== null)
  // Without null: it was filtered out.
  return {files: Object.fromEntries(entries) as MemoryTree, config: {...kind.config, ...config}}
}

async function errorsOf(kind: Kind, change: Change, scope: Scope): Promise<readonly string[]> {
  const findings = await findingsOfImage({...changed(kind, change), scope})
  return findings.filter(({level}) => level === 'error').map(({rule, message}) => `${rule}: ${message}`)
}
