import {once} from 'node:events'
import {createServer, type Server, type ServerResponse} from 'node:http'
import type {Answer} from './engine-model.ts'
import type {EngineFault} from './engine-stand-in.ts'

/** Does what a docker command does, unless a fault says otherwise; the caller is told of the command. */
export type Serve = (args: readonly string[]) => Promise<{readonly act: () => Answer; readonly fault?: EngineFault}>

/**
 * The API of an engine's stand-in, as far as the product speaks it: what the command that makes the same request would
 * print is the body, and what it would say of a failure is the reason.
 */
export function engineApi(serve: Serve): Server {
  return createServer(async ({url = ''}, answer) => {
    if (url === '/_ping') {
      answer.writeHead(200, {'api-version': '1.51'}).end('OK')
      return
    }
    const args = commandOf(url)
    if (!args) {
      answer.writeHead(404).end('404 page not found')
      return
    }
    const {act, fault} = await serve(args)
    if (!answer.destroyed) await reply(answer, act, fault)
  })
}

/** The command that would make the request. */
function commandOf(url: string): readonly string[] | undefined {
  const [, path = '', query] = /^\/v1\.51(\/[^?]*)\??(.*)$/.exec(url) ?? []
  const [, container, what] = /^\/containers\/([0-9a-f]+)\/(archive|export)$/.exec(path) ?? []
  if (what === 'export') return ['export', container ?? '']
  if (what === 'archive') return ['cp', `${container}:${new URLSearchParams(query).get('path')}`, '-']
  const [, image] = /^\/images\/(.+)\/json$/.exec(path) ?? []
  return image === undefined ? undefined : ['image', 'inspect', '--format', '{{json .}}', image]
}

async function reply(answer: ServerResponse, act: () => Answer, fault: EngineFault | undefined): Promise<void> {
  const refuse = (status: number, message: string): void => {
    answer.writeHead(status, {'content-type': 'application/json'}).end(JSON.stringify({message}))
  }
  const send = async (chunk: Uint8Array): Promise<void> => {
    if (!answer.write(chunk)) await Promise.race([once(answer, 'drain'), once(answer, 'close')])
  }
  switch (fault?.kind) {
    case 'fail':
      return refuse(500, fault.stderr)
    case 'cut': {
      answer.writeHead(200)
      await send(act().stdout.subarray(0, fault.after))
      // As the client that ends well prints what it got, however short that is.
      if (fault.exitCode === 0) answer.end()
      else answer.destroy()
      return
    }
    case 'print':
      answer.writeHead(200).end(fault.stdout)
      return
    case 'gone':
      answer.destroy()
      return
    case 'hang':
      return
    case 'stream':
      answer.writeHead(200)
      for (const chunk of fault.chunks(act().stdout)) {
        if (answer.destroyed) return
        await send(chunk)
      }
      answer.end()
      return
    case 'endless':
      answer.writeHead(200)
      while (!answer.destroyed) await send(fault.chunk)
      return
    default: {
      const {stdout, stderr, exitCode} = act()
      if (exitCode === 0) answer.writeHead(200).end(stdout)
      else refuse(404, stderr.trim().replace(/^Error response from daemon: /, ''))
    }
  }
}
