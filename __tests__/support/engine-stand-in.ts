import {once} from 'node:events'
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http'
import {join} from 'node:path'
import {temporaryFolder} from './temporary-folder.ts'

export type EngineHandler = (request: IncomingMessage, answer: ServerResponse) => unknown

/** An HTTP server at a socket of its own, as an engine is; `asked` are the paths of its requests. */
export async function withEngine(
  handle: EngineHandler,
  body: (engine: {readonly socketPath: string; readonly asked: readonly string[]}) => Promise<void>,
): Promise<void> {
  const socketPath = join(temporaryFolder('engine'), 'engine.sock')
  const asked: string[] = []
  const server = createServer((request, answer) => {
    asked.push(request.url ?? '')
    handle(request, answer)
  })
  server.listen(socketPath)
  await once(server, 'listening')
  try {
    await body({socketPath, asked})
  } finally {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
}
