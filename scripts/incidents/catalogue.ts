import {readFileSync} from 'node:fs'

/** One public incident, as far as the suite needs it. `incidents.json` tells the rest. */
export interface Incident {
  readonly id: string
  readonly repo: string
  readonly title: string
  readonly category: string
  /** The file that the incident names: a path, or words. */
  readonly file: string
  readonly url: string
  /** The checks that can see it; empty where none can. */
  readonly caughtBy: readonly string[]
  /** `FAIL`, or what else a gate may say of it. */
  readonly expectedVerdict: string
}

/** A report of something that was nothing wrong, or was mended before it was published: it must pass. */
export interface Control {
  /** `owner/name#number` */
  readonly id: string
  readonly repo: string
  readonly title: string
  readonly why: string
  readonly url: string
}

export interface Catalogue {
  readonly incidents: readonly Incident[]
  readonly controls: readonly Control[]
}

/** Reads `incidents.json`; throws where it is not what this suite takes it for. */
export function readCatalogue(): Catalogue {
  const path = new URL('incidents.json', import.meta.url)
  const data: unknown = JSON.parse(readFileSync(path, 'utf8'))
  return {
    incidents: list(data, 'incidents').map(entry => ({
      id: text(entry, 'id'),
      repo: text(entry, 'repo'),
      title: text(entry, 'title'),
      category: text(entry, 'category'),
      file: text(entry, 'file'),
      url: text(entry, 'url'),
      caughtBy: list(entry, 'caught_by').map(String),
      expectedVerdict: text(entry, 'expected_gate_verdict'),
    })),
    controls: list(data, 'controls').map(entry => ({
      id: `${text(entry, 'repo')}#${field(entry, 'number')}`,
      repo: text(entry, 'repo'),
      title: text(entry, 'title'),
      why: text(entry, 'why'),
      url: text(entry, 'url'),
    })),
  }
}

function field(entry: unknown, key: string): unknown {
  if (typeof entry !== 'object' || entry === null || !Object.hasOwn(entry, key)) {
    throw new Error(`incidents.json: an entry has no ${key}`)
  }
  return Object.entries(entry).find(([name]) => name === key)?.[1]
}

function text(entry: unknown, key: string): string {
  const value = field(entry, key)
  if (typeof value !== 'string') throw new Error(`incidents.json: ${key} is not text`)
  return value
}

function list(entry: unknown, key: string): readonly unknown[] {
  const value = field(entry, key)
  if (!Array.isArray(value)) throw new Error(`incidents.json: ${key} is no list`)
  return value
}
