import {tmpdir} from 'node:os'
/** One reading of an image, as a process of its own: REFERENCE SCOPE [PLATFORM]. Prints what it saw, and the memory that it took. */
import {identify} from '../../src/binary/index.ts'
import {gatherImage} from '../../src/gather.ts'
import {parseReference} from '../../src/image/reference.ts'
import type {ImageSource} from '../../src/image/source.ts'
import {createLimiter} from '../../src/lib/concurrency.ts'
import {parsePlatform} from '../../src/platform/index.ts'
import {dockerImages} from '../../src/source/docker/source.ts'
import {openRegistry} from '../../src/source/registry/source.ts'
import {peakMemory} from './peak-memory.ts'

const [text = '', scope = 'entrypoint', only] = process.argv.slice(2)
const reference = parseReference(text)
if (!reference.ok) throw new Error(reference.problem)
const platform = only === undefined ? undefined : parsePlatform(only)
const {signal} = new AbortController()
const {env} = process

const source: ImageSource =
  scope === 'docker'
    ? dockerImages({
        ...{env, signal, run: 'bench', temporary: tmpdir()},
        ...{announceDaemon: () => {}, announcePull: () => {}, mask: () => {}},
      })({transport: 'docker', text, reference: reference.value})
    : openRegistry({text, reference: reference.value}, {env, signal, warn: message => console.error(message)})
const seen = scope === 'image' ? await scan(source) : await readPrograms(source)
await source.close()
console.log(JSON.stringify({seen, memory: peakMemory()}))

async function readPrograms(image: ImageSource) {
  const facts = await gatherImage(
    image,
    {required: platform?.ok ? [platform.value] : undefined, scope: scope === 'essential' ? 'essential' : 'entrypoint'},
    createLimiter(4),
  )
  const fits = facts.platforms.map(({startup}) => startup.steps[0]?.verdict?.fit)
  if (fits.length === 0 || fits.some(fit => fit !== 'native')) throw new Error(`not what was expected: ${fits}`)
  return fits
}

async function scan(image: ImageSource) {
  const {entries} = await image.root()
  return Promise.all(
    entries.map(async entry => {
      const {rootfs} = await image.platformImage(entry)
      let programs = 0
      for await (const file of rootfs.files()) {
        if (file.kind !== 'file' || (file.mode & 0o111) === 0) continue
        if ((await identify(await rootfs.open(file))).kind === 'elf') programs += 1
      }
      return programs
    }),
  )
}
