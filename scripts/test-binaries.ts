/**
 * `npm run test:binaries [-- --sample N --seed S]`: our answers about real programs, libraries and other files, against
 * readelf(1) and file(1) field by field, and against what their packages' names say: those of all packages, or of one
 * in N. Prints the counts and every difference; exit code 1 if there is one.
 */
import {isDeepStrictEqual, parseArgs} from 'node:util'
import {installPackages} from '../e2e/ground/debian.ts'
import {
  type ElfIdentity,
  identify,
  judge,
  judgeMachine,
  readGoBuildInfo,
  readVariantEvidence,
} from '../src/binary/index.ts'
import {bytesAccess, type RandomAccess} from '../src/lib/bytes.ts'
import type {Platform} from '../src/platform/index.ts'
import {compareFileCode} from './arm/compare-corpus.ts'
import {compareSamples, type DecoderComparison, sum} from './arm/compare-decoder.ts'
import {type CorpusFile, readCorpus, readCorpusFile} from './binaries/corpus.ts'
import {compareWithFile, fileType} from './binaries/file.ts'
import {describeElfFields} from './binaries/ours.ts'
import {type ElfFields, readelf} from './binaries/readelf.ts'
import {seededRandom} from './kernel/random.ts'

/** Fewer files than this, of all packages, is no test. */
const LEAST_ELF_FILES = 300

/** Debian's architectures as platforms, with the least variant that each architecture is built for. */
const DEBIAN_PLATFORMS: Readonly<Record<string, Platform>> = {
  amd64: linux('amd64'),
  arm64: linux('arm64'),
  armel: linux('arm', 'v5'),
  armhf: linux('arm', 'v7'),
  i386: linux('386'),
  loong64: linux('loong64'),
  mips64el: linux('mips64le'),
  mipsel: linux('mipsle'),
  ppc64el: linux('ppc64le'),
  riscv64: linux('riscv64'),
  s390x: linux('s390x'),
}

/** What runs elsewhere by the kernel's compatibility. */
const COMPAT: Readonly<Record<string, 'compat'>> = {
  'armel on arm64': 'compat',
  'armhf on arm64': 'compat',
  'i386 on amd64': 'compat',
  'mipsel on mips64el': 'compat',
}

const {values} = parseArgs({
  options: {sample: {type: 'string', default: '1'}, seed: {type: 'string', default: '1'}},
})
const sample = Number(values.sample)
const random = seededRandom(Number(values.seed))
const leastElfFiles = LEAST_ELF_FILES / sample

await installPackages(['binutils', 'binutils-arm-linux-gnueabi', 'file'])

const log = (text: string) => console.log(text)
let missing = 0
const files = await readCorpus(
  text => {
    missing++
    log(text)
  },
  () => random.oneIn(sample),
)
const paths = files.map(({path}) => path)
const [types, fields] = [await fileType(paths), await readelf(await filterElf(files))]
const counts = new Map<string, number>()
const differences: string[] = []
const wrongFiles = new Set<string>()
const decodings: DecoderComparison[] = []
let compared = 0

for (const file of files) {
  const access = bytesAccess(await readCorpusFile(file))
  const identity = await identify(access)
  count(identity.kind === 'elf' ? `ELF ${identity.machine}` : identity.kind)
  report(file, compareWithFile(identity, types.get(file.path) ?? ''))
  if (identity.kind !== 'elf') continue
  const expected = fields.get(file.path)
  if (expected) report(file, compareFields(await describeElfFields(identity, access), expected))
  else report(file, ['readelf says nothing of it'])
  report(file, await compareGo(file, identity, access))
  report(file, await compareVerdict(file, identity, access))
  const decoded = await compareFileCode(identity, access)
  if (decoded) decodings.push(decoded)
  report(file, decoded?.disagreements ?? [])
}
for (const seed of [1, 2, 3]) {
  const samples = await compareSamples(seed)
  decodings.push(samples)
  differences.push(...samples.disagreements)
}

const elfFiles = [...counts].filter(([kind]) => kind.startsWith('ELF ')).reduce((sum, [, number]) => sum + number, 0)
log(
  [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([kind, number]) => `${String(number).padStart(6)} ${kind}`)
    .join('\n'),
)
const {compared: instructions, tooNew, overlooked, disagreements: misread} = sum(decodings)
log(
  `${instructions} ARM instructions against objdump: ${tooNew} too new for an ARM1176, ${overlooked} more by objdump alone, ${misread.length} disagreements`,
)
for (const difference of differences) log(difference)
log(
  `${files.length} files, ${elfFiles} of them ELF; ${compared} fields compared, ${differences.length} differences; ${missing} packages could not be had`,
)
if (elfFiles < leastElfFiles) log(`fewer than ${leastElfFiles} ELF files: the corpus is not complete`)
log(`test:binaries: ${files.length - wrongFiles.size} passed, ${wrongFiles.size} failed`)
process.exitCode = differences.length > 0 || elfFiles < leastElfFiles ? 1 : 0

function count(kind: string): void {
  counts.set(kind, (counts.get(kind) ?? 0) + 1)
}

function report({label}: CorpusFile, wrong: readonly string[]): void {
  if (wrong.length > 0) wrongFiles.add(label)
  for (const what of wrong) differences.push(`${label}: ${what}`)
}

async function filterElf(all: readonly CorpusFile[]): Promise<readonly string[]> {
  const elf: string[] = []
  for (const file of all) {
    const bytes = await readCorpusFile(file)
    if (Buffer.from(bytes.subarray(0, 4)).equals(Buffer.from('\x7fELF', 'latin1'))) elf.push(file.path)
  }
  return elf
}

function compareFields(ours: ElfFields, theirs: ElfFields): readonly string[] {
  const wrong: string[] = []
  const compare = (name: string, a: unknown, b: unknown) => {
    compared++
    if (!isDeepStrictEqual(a, b)) wrong.push(`${name}: ours ${show(a)}, readelf's ${show(b)}`)
  }
  for (const name of Object.keys(theirs.header)) compare(name, ours.header[name], theirs.header[name])
  compare('segments', ours.segments, theirs.segments)
  compare('interpreter', ours.interpreter, theirs.interpreter)
  for (const name of ['needed', 'soname', 'rpath', 'runpath', 'pie', 'relr'] as const) {
    compare(name, ours.dynamic[name], theirs.dynamic[name])
  }
  for (const name of ['needs', 'definitions', 'notes', 'buildId', 'abiOs', 'isa', 'attributes'] as const) {
    compare(name, ours[name], theirs[name])
  }
  return wrong
}

function show(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 400) ?? 'nothing'
}

/** Go programs are those of the packages that say so, and of the GOOS and GOARCH in their names. */
async function compareGo(file: CorpusFile, identity: ElfIdentity, access: RandomAccess): Promise<readonly string[]> {
  const go = await readGoBuildInfo(identity, access)
  compared += 3
  if (!file.go) return go ? [`Go build info where none should be: ${go.version}`] : []
  if (!go) return ['no Go build info']
  if (!file.go.settings)
    return /^go1\.1[67]/.test(go.version) ? [] : [`Go version ${go.version}, expected 1.16 or 1.17`]
  const [goos, goarch] = [go.settings.get('GOOS'), go.settings.get('GOARCH')]
  const wrong = goos === file.go.goos && goarch === file.go.goarch
  return wrong ? [] : [`Go says ${goos}/${goarch}, its package ${file.go.goos}/${file.go.goarch}`]
}

function linux(architecture: string, variant = ''): Platform {
  return {os: 'linux', architecture, variant}
}

/** What Debian ships runs on its own platform and on no other; and nothing that proves otherwise is in it. */
async function compareVerdict(file: CorpusFile, elf: ElfIdentity, access: RandomAccess): Promise<readonly string[]> {
  const arch = /^debian\/([^/]+)\//.exec(file.label)?.[1] ?? ''
  const own = DEBIAN_PLATFORMS[arch]
  if (!own) return []
  const wrong: string[] = []
  for (const [name, platform] of Object.entries(DEBIAN_PLATFORMS)) {
    compared++
    const verdict = judgeMachine(elf, platform)
    const expected = platform.architecture === own.architecture ? 'native' : (COMPAT[`${arch} on ${name}`] ?? 'foreign')
    if (verdict.fit !== expected) wrong.push(`judged ${JSON.stringify(verdict)} on ${name}, expected ${expected}`)
    // What is in bin is a program all through.
    if (expected === 'native' && /\/s?bin\//.test(file.path) && judge(elf, platform).fit !== 'native') {
      wrong.push(`judged ${JSON.stringify(judge(elf, platform))} on ${name}, but it is a program`)
    }
  }
  for (const evidence of await readVariantEvidence(elf, access, own)) {
    if (evidence.exceeds?.level === 'error') wrong.push(`said to exceed ${arch}: ${JSON.stringify(evidence)}`)
    else if (evidence.exceeds) count(`note: ${arch} ${evidence.exceeds.needs}`)
  }
  return wrong
}
