import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {type AddressInfo, createServer} from 'node:net'
import {expect, test} from '@jest/globals'

test('a registry that takes the connection and never answers: exit code 3, and what was waited for', async () => {
  const server = createServer(socket => socket.on('error', () => undefined))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const {port} = server.address() as AddressInfo
  try {
    const args = ['--no-warnings', 'src/bin/cli.ts', `docker://127.0.0.1:${port}/app:1`, '--timeout', '1s']
    const child = spawn(process.execPath, args, {stdio: ['ignore', 'ignore', 'pipe']})
    const chunks: Buffer[] = []
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))
    const [exitCode] = await once(child, 'close')
    const printed = Buffer.concat(chunks).toString()
    expect(printed).toContain(`the check was not over after 1 s; it was waiting for 127.0.0.1:${port}: GET /v2/`)
    expect(printed).toContain('--timeout')
    expect(exitCode).toBe(3)
  } finally {
    server.close()
  }
})
