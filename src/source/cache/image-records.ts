import {createHash} from 'node:crypto'
import {messageOf} from '../../errors.ts'
import type {Digest} from '../../image/digest.ts'
import type {Descriptor} from '../../image/source.ts'
import {count, object, parseJson, recordOf, required, string} from '../../lib/json.ts'
import {digestOf, isVerified} from '../blobs/verified.ts'
import type {EntryFolder} from './layer-records.ts'

/** What earlier runs knew of images, each of one place: a repository, by its whole name. */
export interface ImageRecords {
  open(place: string, root: Digest): Promise<ImageRecord>
}

/** What was known of one image, and becomes known now. */
export interface ImageRecord {
  /** A document, held to its digest and size here; undefined where none that fits is at hand. */
  find(blob: Descriptor): Uint8Array | undefined
  /** Takes a document that was proven. */
  keep(blob: Descriptor, bytes: Uint8Array): void
  /** Whether the place had the blob not long ago. */
  wasThere(blob: Descriptor): boolean
  /** Says that the place has the blob. */
  sawThere(blob: Descriptor): void
  /** Writes down what is new. Never throws: a record is only a help. */
  save(): Promise<void>
}

export interface ImageRecordsOptions {
  readonly folder: EntryFolder
  /** In milliseconds since 1970. */
  now(): number
  warn(message: string): void
}

/**
 * In milliseconds: for so long a layer that was seen in a repository is taken to be there. Registries remove a layer of
 * an image that is there only by mistake; a day shows that soon enough, and spares two requests in three.
 */
export const SEEN_FOR = 24 * 60 * 60 * 1000
/** Changes with what an entry looks like. */
const FORMAT = 'verify-image-arch image, format 1'
/** In bytes: a larger document is read again. */
const LARGEST = 2 ** 20
/** `HASH LF JSON`: the hash is over the JSON. */
const HEAD = 'sha256:'.length + 64

const entryJson = object({
  format: required(string),
  place: required(string),
  root: required(string),
  /** In base64, by digest. */
  documents: required(recordOf(string)),
  /** When, by digest. */
  seen: required(recordOf(count)),
})

/**
 * Records of images in a folder that outlives the run. A document is believed for its digest only, which is computed
 * each time; an entry that is not what it should be is left aside with a warning.
 */
export function imageRecords(options: ImageRecordsOptions): ImageRecords {
  // Tags that are one image are read at once, a platform by each: what is written down must be what all of them saw.
  const opened = new Map<string, Promise<ImageRecord>>()
  return {
    open: (place, root) => {
      const name = `image-${createHash('sha256').update(`${place}\n${root}`).digest('hex')}`
      const subject = {name, place, root}
      const record = opened.get(name) ?? load(options, subject).then(entry => recordOver(options, subject, entry))
      opened.delete(name)
      opened.set(name, record)
      for (const oldest of opened.keys()) {
        if (opened.size <= OPENED) break
        opened.delete(oldest)
      }
      return record
    },
  }
}

/** So many are at hand at once: more than images can be read at once. */
const OPENED = 128

interface Subject {
  readonly name: string
  readonly place: string
  readonly root: Digest
}

interface Entry {
  readonly documents: Readonly<Record<string, string>>
  readonly seen: Readonly<Record<string, number>>
}

const NOTHING: Entry = {documents: {}, seen: {}}

function recordOver({folder, now, warn}: ImageRecordsOptions, {name, place, root}: Subject, entry: Entry): ImageRecord {
  const documents = new Map(Object.entries(entry.documents))
  const seen = new Map(Object.entries(entry.seen))
  let isNew = false
  let saving: Promise<void> = Promise.resolve()
  const write = async (): Promise<void> => {
    if (!isNew) return
    isNew = false
    const json = Buffer.from(
      JSON.stringify({
        ...{format: FORMAT, place, root},
        ...{documents: Object.fromEntries(documents), seen: Object.fromEntries(seen)},
      }),
    )
    try {
      await folder.write(name, Buffer.concat([Buffer.from(`${digestOf(json)}\n`), json]))
    } catch (thrown) {
      warn(`what was read of ${place} is not cached: ${messageOf(thrown)}`)
    }
  }
  return {
    find: blob => {
      const kept = documents.get(blob.digest)
      if (kept === undefined) return undefined
      const bytes = Buffer.from(kept, 'base64')
      if (isVerified(bytes, blob)) return bytes
      documents.delete(blob.digest)
      return undefined
    },
    keep: ({digest}, bytes) => {
      if (bytes.length > LARGEST || documents.has(digest)) return
      documents.set(digest, Buffer.from(bytes).toString('base64'))
      isNew = true
    },
    wasThere: ({digest}) => {
      const age = now() - (seen.get(digest) ?? Number.NEGATIVE_INFINITY)
      return age >= 0 && age < SEEN_FOR
    },
    sawThere: ({digest}) => {
      seen.set(digest, Math.round(now()))
      isNew = true
    },
    save: () => {
      // One after the other: what is written last has all of it.
      saving = saving.then(write)
      return saving
    },
  }
}

async function load({folder, warn}: ImageRecordsOptions, {name, place, root}: Subject): Promise<Entry> {
  const aside = (why: string): Entry => {
    warn(`the cache entry of ${place}@${root} is ignored: ${why}`)
    return NOTHING
  }
  try {
    const bytes = await folder.read(name)
    if (bytes === undefined) return NOTHING
    const json = bytes.subarray(HEAD + 1)
    if (Buffer.from(bytes.subarray(0, HEAD)).toString('latin1') !== digestOf(json))
      return aside('its checksum is wrong')
    const entry = parseJson(json, entryJson)
    if (!entry.ok) return aside('it is not readable')
    if (entry.value.format !== FORMAT) return NOTHING
    return entry.value.place === place && entry.value.root === root ? entry.value : aside('it is of another image')
  } catch (thrown) {
    return aside(messageOf(thrown))
  }
}
