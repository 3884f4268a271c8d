import {baseName} from '../../lib/paths.ts'
import {joinPath, type Process, resolve} from '../resolved-path.ts'
import {openrcRunScript} from '../services/openrc/run-script.ts'
import type {Outcome} from '../world/call.ts'
import {unknownEffect} from '../world/commands/index.ts'
import {type Runner, refusal} from './handover.ts'
import {refuseBinary} from './not-a-script.ts'
import {findOtherRestriction, isRestricted} from './restricted.ts'
import {readScript} from './script-text.ts'
import {readShellJob, type ShellJob} from './shell-job.ts'
import {followShell} from './shells.ts'

/**
 * What a shell does with its command line: runs a text, a file, or what it reads. `runScript` follows a file that is
 * known for more than its text.
 */
export async function startShell(
  runner: Runner,
  process: Process,
  runScript: (path: string) => Promise<Outcome | undefined>,
): Promise<Outcome> {
  const job = readShellJob(process.argv)
  const name = baseName(process.argv[0] ?? 'sh')
  const known = job.kind === 'text' ? job.name : name
  const restricted = isRestricted(known, runner.file, process.argv) ? name : undefined
  const {view} = runner
  switch (job.kind) {
    case 'input': {
      const {unknownWord} = process
      // An image may leave its text to whoever starts the container.
      if (job.isTextLacking && unknownWord === undefined && process.ending === 'closed')
        return runner.run(refusal(name, 'its option -c wants a text'), view.world)
      if (unknownWord !== undefined) {
        const reason = `${name} runs ${unknownWord}, which only the run knows`
        await runner.run({kind: 'unknown', reason, isWord: true}, view.world)
        return unknownEffect(runner)
      }
      return followInput(runner, process, {...job, name, restricted})
    }
    case 'refused':
      return runner.run(
        {kind: 'unknown', reason: `the option ${JSON.stringify(job.option)} of ${name} is not understood`},
        view.world,
      )
    case 'text':
      return followText(runner, process, {...job, isFile: false, restricted}, `${name} -c`)
    case 'file': {
      if (job.path === '') {
        const reason = `${name} runs a script whose name is empty`
        await runner.run({kind: 'unknown', reason, isWord: true}, view.world)
        return unknownEffect(runner)
      }
      if (process.unknownCwd && !job.path.startsWith('/')) {
        const reason = `${name} runs ${job.path} in a directory that only the run knows`
        await runner.run({kind: 'unknown', reason, isWord: true}, view.world)
        return unknownEffect(runner)
      }
      const searchesPath = runner.file !== 'dash' && runner.multiCall === undefined
      const candidates = scriptCandidates(job.path, process, searchesPath)
      await runner.run({kind: 'file', candidates, via: `argument of ${name}`, cwd: process.cwd}, view.world)
      const scripted = await runScript(job.path)
      if (scripted) return scripted
      const refused = await refuseBinary(runner, process, name, candidates)
      if (refused) return runner.run(refused, view.world)
      for (const path of candidates) {
        const script = await readScript(view, process, path, passesNuls(runner))
        if (script !== undefined) {
          const {text, rest} = script
          const own = await openrcRunScript(view, process, path, text)
          const known = {...job, text: own ?? text, rest, name: path, isFile: true, restricted}
          return followText(runner, process, known, path)
        }
        if ((await resolve(view, process, path)).node) {
          await runner.run({kind: 'unknown', reason: `${name} runs ${path}, which is not read as a text`}, view.world)
          break
        }
      }
      return unknownEffect(runner)
    }
  }
}

/**
 * Measured with dash 0.5.12, bash 5.2 and busybox 1.35: they leave NULs out. bash looks for one first: refuseBinary().
 */
function passesNuls({file}: Runner): boolean {
  return file === 'dash' || file === 'bash' || file === 'busybox'
}

type Job = Parameters<typeof followShell>[2]

async function followText(runner: Runner, process: Process, job: Job, where: string): Promise<Outcome> {
  const other = job.restricted === undefined ? undefined : findOtherRestriction(job.text)
  if (other === undefined) return followShell(runner, process, job, where)
  await runner.run({kind: 'unknown', reason: `${job.restricted} is restricted, and ${other}`}, runner.view.world)
  return unknownEffect(runner)
}

/**
 * `sh <<EOF`, `echo TEXT | sh`: what it reads is its script, where that is known. Behind the first line a command may
 * have read the rest itself.
 */
function followInput(
  runner: Runner,
  process: Process,
  {name, restricted, ...job}: Extract<ShellJob, {kind: 'input'}> & Pick<Job, 'name' | 'restricted'>,
): Outcome | Promise<Outcome> {
  const {input} = runner
  if (typeof input !== 'string' || input.trim() === '') return unknownEffect(runner)
  const isOne = !input.trim().includes('\n')
  const reader: Runner = isOne
    ? runner
    : {
        ...runner,
        run: (handover, world) =>
          runner.run(handover.kind === 'program' ? {...handover, certainty: 'likely'} : handover, world),
      }
  return followText(reader, process, {...job, text: input, name, isFile: false, restricted}, `what ${name} reads`)
}

/**
 * Where a shell looks for the script that it is given: in the cwd, then, if its name has no slash, in PATH; dash 0.5.12
 * and busybox 1.35 only in the cwd.
 */
export function scriptCandidates(path: string, process: Process, searchesPath: boolean): readonly string[] {
  if (path.includes('/') || !searchesPath) return [path]
  const elements = (process.env.get('PATH') ?? '').split(':').filter(element => element !== '')
  return [path, ...elements.map(element => joinPath(element, path))]
}
