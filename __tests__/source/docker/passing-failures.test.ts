import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {describe, expect, test} from '@jest/globals'
import {dockerCli} from '../../../src/source/docker/docker-cli.ts'
import {mayPass} from '../../../src/source/docker/passing-failures.ts'
import {temporaryFolder} from '../../support/temporary-folder.ts'
import {testClock} from '../../support/test-clock.ts'

const PULL = ['pull', '--quiet', 'r.test/app:1']
const INSPECT = ['buildx', 'imagetools', 'inspect', '--raw', 'r.test/app:1']
const DAEMON = 'Error response from daemon: '
const RESOLVE = `${DAEMON}failed to resolve reference "r.test/app:1": `
const HEAD = 'failed to do request: Head "https://r.test/v2/app/manifests/1": '

// Docker 28.5 with both image stores, buildx 0.29.
describe('a registry that may be back in a moment', () => {
  test.each([
    [PULL, `${DAEMON}Get "http://127.0.0.1:1/v2/": dial tcp 127.0.0.1:1: connect: connection refused`],
    [PULL, `${RESOLVE}${HEAD}dial tcp 127.0.0.1:1: connect: connection refused`],
    [INSPECT, `ERROR: ${HEAD}dial tcp 127.0.0.1:1: connect: connection refused`],
    [INSPECT, `ERROR: ${HEAD}dial tcp [::1]:1: connect: no route to host`],
    [INSPECT, `ERROR: ${HEAD}dial tcp 10.0.0.1:443: i/o timeout`],
    [INSPECT, `ERROR: ${HEAD}read tcp 127.0.0.1:53452->127.0.0.1:45901: read: connection reset by peer`],
    [INSPECT, `ERROR: ${HEAD}EOF`],
    [PULL, `${DAEMON}Get "http://127.0.0.1:45902/v2/": EOF`],
    [PULL, `${DAEMON}Get "https://r.test/v2/": net/http: TLS handshake timeout`],
    [PULL, `${DAEMON}Get "https://r.test/v2/": dial tcp: lookup r.test on 127.0.0.11:53: server misbehaving`],
    [PULL, `${DAEMON}Get "https://r.test/v2/": dial tcp: lookup r.test: Temporary failure in name resolution`],
    [PULL, `${DAEMON}received unexpected HTTP status: 503 Service Unavailable`],
    [
      PULL,
      `${DAEMON}unknown: ${RESOLVE}unexpected status from HEAD request to http://r.test/v2/app/manifests/1: 500 X`,
    ],
    [INSPECT, 'ERROR: unexpected status from HEAD request to http://r.test/v2/app/manifests/1: 429 Too Many Requests'],
    [PULL, `${DAEMON}toomanyrequests: {}`],
    [
      ['manifest', 'inspect', 'r.test/app:1'],
      'error pinging v2 registry: dial tcp 1.2.3.4:443: connect: connection refused',
    ],
  ])('docker %j: %s', (args, stderr) => {
    expect(mayPass(args, stderr)).toBe(true)
  })
})

describe('what stays as it is', () => {
  test.each([
    [PULL, `${DAEMON}Get "https://r.test/v2/": dial tcp: lookup r.test on 10.0.0.53:53: no such host`],
    [PULL, `${DAEMON}manifest for r.test/app:1 not found: manifest unknown`],
    [PULL, `${DAEMON}toomanyrequests: You have reached your pull rate limit.`],
    [PULL, `${DAEMON}Get "https://r.test/v2/": tls: failed to verify certificate: x509: unknown authority`],
    [PULL, 'Cannot connect to the Docker daemon at tcp://1.2.3.4:2375. Is the docker daemon running?'],
    [PULL, 'error during connect: Get "http://%2Fvar%2Frun%2Fdocker.sock/v1.51/x": EOF'],
    [PULL, 'failed to connect: dial unix /var/run/docker.sock: connect: connection refused'],
    [INSPECT, 'ERROR: unexpected status from HEAD request to http://r.test/v2/app/manifests/1: 403 Forbidden'],
    [['create', 'app'], 'dial tcp 127.0.0.1:1: connect: connection refused'],
    [['image', 'rm', 'pull '], 'dial tcp 127.0.0.1:1: connect: connection refused'],
    [PULL, ''],
  ])('docker %j: %s', (args, stderr) => {
    expect(mayPass(args, stderr)).toBe(false)
  })
})

describe('a docker command', () => {
  const REFUSED = `${DAEMON}Get "http://r.test/v2/": dial tcp 127.0.0.1:1: connect: connection refused`
  /** A docker that fails so often, and then prints how often it was run. */
  async function withDocker(failures: number, stderr = REFUSED) {
    const folder = temporaryFolder('docker')
    const script = `#!/bin/sh
cd '${folder}' && echo x >>count && count=$(wc -l <count)
[ "$count" -gt ${failures} ] && echo "$count" && exit
echo '${stderr.replaceAll("'", '')}' >&2
exit 1
`
    await writeFile(join(folder, 'docker'), script, {mode: 0o755})
    const clock = testClock()
    const env = {PATH: `${folder}:${process.env.PATH}`}
    return {clock, cli: dockerCli({env, clock, signal: new AbortController().signal})}
  }

  test('whose registry is started anew succeeds', async () => {
    const {cli, clock} = await withDocker(2)
    expect(await cli.text(PULL)).toBe('3')
    expect(clock.pauses).toEqual([750, 1500])
  })

  test('whose registry stays away fails after five tries', async () => {
    const {cli, clock} = await withDocker(99)
    await expect(cli.bytes(INSPECT)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('connection refused'),
    })
    expect(clock.pauses).toEqual([750, 1500, 3000, 6000])
  })

  test.each([
    ['that is not about a registry', ['create', 'app'], REFUSED],
    ['whose engine is gone', PULL, 'Cannot connect to the Docker daemon'],
    ['with a name that is not there', PULL, 'dial tcp: lookup r.test: no such host'],
  ])('%s is run once', async (_, args, stderr) => {
    const {cli, clock} = await withDocker(99, stderr)
    await expect(cli.bytes(args)).rejects.toMatchObject({code: 'unavailable'})
    expect(clock.pauses).toEqual([])
  })
})
