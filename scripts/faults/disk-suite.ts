import {execFileSync} from 'node:child_process'
import {mkdir, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {gzipSync} from 'node:zlib'
import {fileTar} from '../../__tests__/support/image-builder.ts'
import {savedFiles} from '../../__tests__/support/image-writers.ts'
import {errorCode} from '../../src/errors.ts'
import {startEngineStandIn} from './engine-stand-in.ts'
import {judgeEngine, modelOf, startOf} from './engine-suite.ts'
import {GOOD_IMAGE} from './image.ts'
import {type Complaint, judge} from './judge.ts'
import {DOORS, type Door, type ProgramStart, runProgram, withRunFolder} from './program-run.ts'
import type {Outcome} from './registry-kinds.ts'
import {startRegistryStage} from './registry-stage.ts'
import type {SuiteOptions, Trial} from './registry-suite.ts'

/** In milliseconds. */
const LIMIT = 120_000
/** What every write to fails with ENOSPC. */
const FULL = '/dev/full'

/** A disk on which nothing can be written, or nothing made. */
type Disk = 'without room' | 'without inodes'
type Folder = 'temp' | 'cache' | 'work'

interface DiskCase {
  readonly name: string
  readonly doors: readonly Door[]
  readonly source: 'registry' | 'engine' | 'archive'
  readonly full?: {readonly folder: Folder; readonly disk: Disk}
  readonly more?: Pick<ProgramStart, 'env' | 'stdout'>
  readonly options?: Readonly<Record<string, string>>
  readonly outcome: (door: Door) => Outcome
}

const fails = (): Outcome => 'could-not-check'
const DISKS: readonly Disk[] = ['without room', 'without inodes']

const CASES: readonly DiskCase[] = [
  {name: '--output', doors: ['command'], source: 'registry', options: {output: FULL}, outcome: fails},
  {name: 'standard output', doors: ['command'], source: 'registry', more: {stdout: FULL}, outcome: fails},
  ...['GITHUB_OUTPUT', 'GITHUB_STATE', 'GITHUB_STEP_SUMMARY'].map(
    (name): DiskCase => ({name, doors: ['action'], source: 'registry', more: {env: {[name]: FULL}}, outcome: fails}),
  ),
  ...DISKS.flatMap((disk): DiskCase[] => [
    {name: 'the report', doors: ['command'], source: 'registry', full: {folder: 'work', disk}, outcome: fails},
    {name: 'reports', doors: ['action'], source: 'registry', full: {folder: 'temp', disk}, outcome: fails},
    // What cannot be kept is read again the next time.
    {name: 'the cache', doors: DOORS, source: 'registry', full: {folder: 'cache', disk}, outcome: () => 'verified'},
    {
      name: 'an image that is saved to say where a file comes from',
      doors: DOORS,
      source: 'engine',
      full: {folder: 'temp', disk},
      outcome: door => (door === 'command' ? 'findings' : 'could-not-check'),
    },
    {
      name: 'an archive that is unpacked',
      doors: DOORS,
      source: 'archive',
      full: {folder: 'temp', disk},
      outcome: fails,
    },
  ]),
]

/** Each place that is written to is full; undefined where this machine lets nobody mount a disk. */
export function diskTrials(options: SuiteOptions): Trial[] {
  return CASES.flatMap(one =>
    one.doors.map(door => ({
      name: `disk, ${door}: full for ${one.name}${one.full ? `, ${one.full.disk}` : ''}`,
      run: () => withRunFolder(folder => tryDisk(folder, door, one, options)),
    })),
  )
}

async function tryDisk(folder: string, door: Door, one: DiskCase, options: SuiteOptions): Promise<Complaint[]> {
  const at = one.full && join(folder, one.full.folder)
  if (at && one.full) await mountFull(at, one.full.disk)
  try {
    const {complaints, secrets, start} = await prepare(folder, door, one, options)
    const end = await runProgram(folder, start)
    const expected = {secrets, given: [], outcomes: [one.outcome(door)]}
    return [...judge(end, expected), ...(await complaints())]
  } finally {
    if (at) execFileSync('umount', [at])
  }
}

async function prepare(folder: string, door: Door, one: DiskCase, options: SuiteOptions) {
  const common = {door, program: options.program, speed: options.speed, limit: LIMIT, ...one.more}
  if (one.source === 'engine') {
    const model = modelOf('wrong')
    const engine = await startEngineStandIn({folder, model})
    const start = {...startOf('wrong', door, engine, options), limit: LIMIT}
    const complaints = async (): Promise<Complaint[]> => {
      await engine.stop()
      return judgeEngine(model, 'before post')
    }
    return {complaints, secrets: [], start}
  }
  if (one.source === 'archive') {
    const [platform] = GOOD_IMAGE.platforms
    if (!platform) throw new Error('an image without platforms')
    await mkdir(join(folder, 'home'), {recursive: true})
    await writeFile(join(folder, 'home', 'image.tar.gz'), gzipSync(fileTar(savedFiles(GOOD_IMAGE, platform))))
    const start = {...common, image: 'docker-archive:../home/image.tar.gz', options: {...one.options}}
    return {complaints: async () => [], secrets: [], start}
  }
  const stage = await startRegistryStage({image: GOOD_IMAGE, speed: options.speed})
  const complaints = async (): Promise<Complaint[]> => {
    await stage.stop()
    return []
  }
  const start = {
    ...{...common, image: stage.image, dockerConfig: stage.dockerConfig},
    options: {source: 'registry', cache: 'true', ...one.options},
  }
  return {complaints, secrets: stage.secrets, start}
}

/** Puts a disk of one page at a folder, and fills it. */
async function mountFull(folder: string, disk: Disk): Promise<void> {
  await mkdir(folder, {recursive: true})
  const limit = disk === 'without room' ? 'size=4k' : 'size=1m,nr_inodes=2'
  execFileSync('mount', ['-t', 'tmpfs', '-o', limit, 'tmpfs', folder], {stdio: 'pipe'})
  await writeFile(join(folder, 'filler'), Buffer.alloc(8192)).catch((thrown: unknown) => {
    if (errorCode(thrown) !== 'ENOSPC') throw thrown
  })
}
