import {mkdir} from 'node:fs/promises'
import {join} from 'node:path'
import {imageConfig} from '../../../__tests__/support/image-config.ts'
import {type MemoryTree, memoryRootfs} from '../../../__tests__/support/memory-rootfs.ts'
import {run} from '../../../e2e/ground/run.ts'
import {baseName} from '../../../src/lib/paths.ts'
import {fastDirectory} from '../../kernel/fast-directory.ts'
import type {Random} from '../../kernel/random.ts'
import {writeTree} from '../../kernel/tree.ts'
import {withTemporaryFolder} from '../../support/temporary-folder.ts'
import type {Answer} from '../model.ts'
import type {Disagreement, InitAttempt, InitGround, InitModule} from '../module.ts'
import {readTree} from '../read-tree.ts'
import {type InitRoot, makeInitRoot} from '../root.ts'
import {type CaseJudge, judgeCase} from '../trace-cases.ts'
import {parseDump, type StartedServices} from './dump.ts'
import {makeUnits, SYSTEMD_FILES, TARGET} from './generate.ts'

/**
 * systemd of Debian over random units. It starts nothing here: its test mode, which is not for root, tells the jobs
 * that it would have and the commands of their services.
 */
export const SYSTEMD: InitModule = {name: 'systemd', grounds: [openGround], slowness: 10}

const PLATFORM = {os: 'linux', architecture: 'amd64', variant: ''}
const MANAGER = '/usr/lib/systemd/systemd'

/** FOLDER, with `upper`, laid on BASE, with what systemd asks of a kernel. */
const TEST_MODE = `
mount -t overlay none -o "lowerdir=$0,upperdir=$1/upper,workdir=$1/work" "$1/root"
mount -t proc none "$1/root/proc"; mount -t sysfs none "$1/root/sys"; mount -t cgroup2 none "$1/root/sys/fs/cgroup"
timeout 20 chroot --userspec=1000:1000 "$1/root" /usr/bin/env -i HOME=/tmp XDG_RUNTIME_DIR=/tmp SYSTEMD_LOG_TARGET=console \\
  ${MANAGER} --test --system --no-pager --unit=${TARGET} 2>&1 || echo "it ended with $?"
`

async function openGround(): Promise<InitGround> {
  const root = await makeInitRoot('trixie', ['systemd', 'dash', 'coreutils', 'libc-bin'], SYSTEMD_FILES)
  const tree = await readTree(root.base)
  return {versions: root.versions, attemptAll: randoms => attemptAll(root, tree, randoms), close: root.remove}
}

async function attemptAll(root: InitRoot, tree: MemoryTree, randoms: readonly Random[]): Promise<InitAttempt[]> {
  const judge: CaseJudge<MemoryTree, StartedServices> = {
    describe: files => JSON.stringify(files, (_, value) => (value instanceof Uint8Array ? 'program' : value)),
    ask: (files, model) =>
      model({
        config: imageConfig({entrypoint: [MANAGER, `--unit=${TARGET}`]}),
        rootfs: memoryRootfs({...tree, ...files}),
        platform: PLATFORM,
      }),
    compare: compareUnits,
    seesNoProcesses: true,
    tell: (_, answer, started) => [
      ...[...linesOf(answer)].map(([key, {certainty}]) => `  said ${certainty} ${key}`),
      ...[...started].map(([name, commands]) => `  real ${name} ${commands.join(' ')}`),
    ],
  }
  const attempts: InitAttempt[] = []
  for (const random of randoms) {
    const files = makeUnits(random)
    attempts.push(await judgeCase(judge, files, await testMode(root, files)))
  }
  return attempts
}

async function testMode(root: InitRoot, files: MemoryTree): Promise<StartedServices> {
  const dump = async (folder: string) => {
    for (const name of ['upper', 'work', 'root']) await mkdir(join(folder, name))
    await run('chmod', ['755', folder])
    await writeTree(join(folder, 'upper'), files)
    return run('unshare', ['-mpf', '--propagation=private', 'sh', '-ec', TEST_MODE, root.base, folder])
  }
  const text = await withTemporaryFolder('test-systemd', dump, await fastDirectory())
  // It refuses a target that requires what it cannot load, and starts nothing then.
  if (/^Failed to (start|isolate) default target: /m.test(text)) return new Map()
  if (!text.includes('-> By jobs:')) throw new Error(`systemd tells nothing: ${text.slice(-500)}`)
  return parseDump(text)
}

interface Said {
  readonly unit: string
  readonly certainty: string
  /** More words come behind these, which only the run knows. */
  readonly isOpen: boolean
}

/** What the model says that services execute, by unit, setting and words. */
function linesOf({startup, processes}: Answer): ReadonlyMap<string, Said> {
  const open = processes
    .filter(({process}) => process.unknownWord !== undefined)
    .map(({process}) => process.argv.join('\0'))
  return new Map(
    startup.steps.flatMap(({service, via, argv, certainty, obstacle}) => {
      const kind = /^(ExecStart\w*) of /.exec(via)?.[1]
      if (service?.of !== 'systemd' || kind === undefined || argv === undefined) return []
      // systemd does not look at a program before it starts it; the model's refusal is one of the unit.
      if (obstacle?.kind === 'refused') return []
      const [program = '', ...words] = argv
      const key = `${service.name} ${JSON.stringify([kind, baseName(program), ...words])}`
      return [[key, {unit: service.name, certainty, isOpen: open.includes(argv.join('\0'))}] as const]
    }),
  )
}

/** Whether a file of the unit, or of all, asks for something. */
function isConditional(files: MemoryTree, unit: string): boolean {
  const of = new RegExp(`/(${unit.replace(/@.*\\./, '@.').replace(/[.]/g, '\\.')}|service)(\\.d/[^/]+)?$`)
  return Object.entries(files).some(([path, text]) => of.test(path) && /Condition|Assert/.test(String(text)))
}

function compareUnits(files: MemoryTree, answer: Answer, started: StartedServices): readonly Disagreement[] {
  const said = linesOf(answer)
  const isOwn = (name: string) => Object.keys(files).some(path => path.includes(`/${name.replace(/@.*\./, '@.')}`))
  const really = new Map([...started].filter(([name]) => isOwn(name)))
  const keys = new Set([...really].flatMap(([name, commands]) => commands.map(one => `${name} ${one}`)))
  const problems: Disagreement[] = []
  // Two commands of a service with the same known words are one step, by the setting of the first.
  const withoutKind = (key: string) => key.replace(/\["ExecStart(Pre|Post)?",/, '[')
  const isStart = (start: string, key: string) => withoutKind(key).startsWith(withoutKind(start).replace(/\]$/, ','))
  const alike = new Set([...said.keys()].map(withoutKind))
  const starts = [...said].filter(([, {isOpen}]) => isOpen).map(([key]) => key)
  for (const key of keys) {
    // Of a unit with a condition a program that is not there is passed over: it may come with what the condition asks.
    const isPassedOver = /\["Exec\w+","none"/.test(key) && isConditional(files, key.slice(0, key.indexOf(' ')))
    if (!alike.has(withoutKind(key)) && !starts.some(start => isStart(start, key)) && !isPassedOver)
      problems.push({kind: 'it starts, and nothing is said of it', about: key})
  }
  for (const [key, {unit, certainty, isOpen}] of said) {
    if (!isOwn(unit) || (isOpen && [...keys].some(other => isStart(key, other)))) continue
    if (certainty === 'certain' && !keys.has(key))
      problems.push({kind: 'it does not start, and is said to', about: key})
    else if (really.has(unit) && !keys.has(key))
      problems.push({kind: 'it is not among the commands of its service', about: key})
  }
  return problems
}
