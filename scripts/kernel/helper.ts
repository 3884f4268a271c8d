import {spawn} from 'node:child_process'
import {constants} from 'node:os'
import {createInterface} from 'node:readline'
import {fileURLToPath} from 'node:url'
import type {SpecialFile} from './tree.ts'

/** One execve for the helper. */
export interface Question {
  readonly id: string
  readonly uid: number
  readonly gid: number
  readonly groups: readonly number[]
  readonly cwd: string
  readonly path: string
  readonly argv: readonly string[]
  /** Only where the program is run to its end. */
  readonly env?: readonly string[]
}

const NAMES = new Map([
  ...Object.entries(constants.errno).map(([name, number]) => [String(number), name] as const),
  ['80', 'ELIBBAD'],
])

/**
 * Has the kernel answer all questions in a chroot: `started`, or the name of the errno. With `run`, programs run to
 * their end, and an answer is `exit STATUS` or `signal NUMBER` with what was printed.
 */
export async function askKernel(
  root: string,
  special: readonly SpecialFile[],
  questions: readonly Question[],
  run = false,
): Promise<ReadonlyMap<string, {readonly outcome: string; readonly output: string}>> {
  const script = fileURLToPath(new URL('exec.pl', import.meta.url))
  const child = spawn('perl', [script, root, ...(run ? ['1'] : [])], {stdio: ['pipe', 'pipe', 'inherit']})
  const closed = new Promise<number | null>(resolve => child.on('close', resolve))
  const answers = new Map<string, {outcome: string; output: string}>()
  const reading = (async () => {
    for await (const line of createInterface({input: child.stdout})) {
      const [id = '', answer = '', output = ''] = line.split('\t')
      answers.set(id, {outcome: nameOf(answer, run), output: Buffer.from(output, 'hex').toString()})
    }
  })()
  const lines = [
    ...special.map(({command, path, mode}) => [command, hex(path), `0${mode.toString(8)}`]),
    ...questions.map(({id, uid, gid, groups, cwd, path, argv, env = []}) => [
      id,
      String(uid),
      String(gid),
      groups.join(','),
      hex(cwd),
      hex(path),
      ...(run ? [hex(env.join('\0'))] : []),
      ...argv.map(hex),
    ]),
  ]
  child.stdin.end(lines.map(line => `${line.join('\t')}\n`).join(''))
  await reading
  const code = await closed
  if (code !== 0) throw new Error(`the helper ended with ${code}`)
  return answers
}

function nameOf(answer: string, run: boolean): string {
  if (answer === 'started' || answer.includes(' ')) return answer
  if (run && /^\d+$/.test(answer)) return `exit ${answer}`
  return NAMES.get(answer) ?? `errno ${answer}`
}

function hex(text: string): string {
  return Buffer.from(text).toString('hex')
}
