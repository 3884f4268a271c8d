import {Readable} from 'node:stream'
import type {DockerCli} from '../../src/source/docker/docker-cli.ts'
import {dockerError} from '../../src/source/docker/docker-cli.ts'

/** For a container in which nothing is so large that it goes to disk. */
export const SPOOLING = {folder: '/nowhere', signal: new AbortController().signal}

/** What the client answers: what it prints, or the text of its failure. */
export type Answer = string | Uint8Array | {readonly stderr: string; readonly exitCode?: number}

/**
 * A docker client that answers from a script and keeps what it was asked. `answer`
 * undefined means an unexpected command.
 */
export function scriptedDocker(answer: (command: string) => Answer | undefined) {
  const asked: string[] = []
  const ask = (args: readonly string[]): {stdout: Uint8Array; stderr: string; exitCode: number} => {
    const command = args.join(' ')
    asked.push(command)
    const found = answer(command)
    if (found === undefined) throw new Error(`unexpected: docker ${command}`)
    if (typeof found === 'string') return {stdout: new TextEncoder().encode(found), stderr: '', exitCode: 0}
    if (found instanceof Uint8Array) return {stdout: found, stderr: '', exitCode: 0}
    return {stdout: new Uint8Array(), stderr: found.stderr, exitCode: found.exitCode ?? 1}
  }
  const bytes = async (args: readonly string[]): Promise<Uint8Array> => {
    const {stdout, stderr, exitCode} = ask(args)
    if (exitCode !== 0) throw dockerError(args, stderr, exitCode)
    return stdout
  }
  const cli: DockerCli = {
    bytes,
    text: async args => new TextDecoder().decode(await bytes(args)).trim(),
    attempt: async args => {
      const {stdout, stderr, exitCode} = ask(args)
      return exitCode === 0 ? {ok: true, stdout} : {ok: false, stderr, error: dockerError(args, stderr, exitCode)}
    },
    stream: args => {
      const {stdout, stderr, exitCode} = ask(args)
      return {
        stdout: Readable.from(stdout.length === 0 ? [] : [stdout]),
        finished: async () => ({exitCode, stderr}),
        stop: async () => {},
      }
    },
  }
  return {cli, asked}
}
