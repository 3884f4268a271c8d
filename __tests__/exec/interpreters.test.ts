import {describe, expect, test} from '@jest/globals'
import {imageConfig} from '../support/image-config.ts'
import {executable, memoryRootfs} from '../support/memory-rootfs.ts'
import {nativeProgram} from '../support/script-start.ts'
import {readStartup} from '../support/told-startup.ts'

/*
 * Which word of an interpreter's command line is the file that it runs. Node's as node 24.19 and 20.20 take them.
 */

const native = executable(nativeProgram())
const FILES = {
  ...Object.fromEntries(['node', 'ruby', 'perl', 'python3', 'java', 'php'].map(name => [`/bin/${name}`, native])),
  '/app/main.js': '1',
  '/app/main.rb': '1',
  '/bin/tool.pl': '1',
}

/** The file that is looked at, `-` where none is; or what is wrong. */
async function fileOf(command: string): Promise<string> {
  const {steps} = await readStartup({
    config: imageConfig({entrypoint: command.split(' '), env: ['PATH=/bin'], workingDir: '/app'}),
    rootfs: memoryRootfs(FILES),
    platform: {os: 'linux', architecture: 'amd64', variant: ''},
  })
  const obstacle = steps.find(step => step.obstacle !== undefined)
  if (obstacle?.obstacle) return `${obstacle.path}: ${obstacle.obstacle.kind}`
  return steps.find(({role}) => role === 'argument')?.node?.path ?? '-'
}

describe('node runs', () => {
  test.each([
    ...['--env-file .env', '--env-file-if-exists .env', '--env-file=.env', '--max-http-header-size 16384'],
    ...['--tls-cipher-list DEFAULT', '--v8-pool-size 4', '--openssl-config /c', '--disable-warning X'],
    ...['--unhandled-rejections strict', '--title x', '--openssl-legacy-provider', '--tls-min-v1.2'],
    ...['--max-old-space-size=4096', '--stack-size=900', '--experimental-something=x', '--inspect=0.0.0.0:9229'],
  ])('main.js behind %s', async option => {
    expect(await fileOf(`node ${option} main.js`)).toBe('/app/main.js')
    expect(await fileOf(`node ${option} other.js`)).toBe('other.js: missing')
  })

  test.each([
    ...['inspect main.js', 'inspect other.js', '--no-warnings inspect other.js', '--eval=1 other', '--run=start other'],
    ...['--test-concurrency=1 other', '--new-option other'],
  ])('no file of its first operand: node %s', async words => {
    expect(await fileOf(`node ${words}`)).toBe('-')
  })

  test.each(['--max-old-space-size 4096', '--max-semi-space-size 16', '--stack-size 900', '--stack-trace-limit 50'])(
    'nothing with %s, whose value is not attached',
    async option => expect(await fileOf(`node ${option} main.js`)).toBe('node: refused-arguments'),
  )
})

test.each([
  ['ruby -C /app main.rb', '/app/main.rb'],
  ['ruby -C . main.rb', '/app/main.rb'],
  ['ruby -C/app -W0 main.rb', '/app/main.rb'],
  ['ruby -C /lib main.rb', 'main.rb: missing'],
  ['ruby -S tool.rb', '-'],
  ['perl -S tool.pl', '-'],
  ['perl -w tool.pl', 'tool.pl: missing'],
])('%s', async (command, expected) => {
  expect(await fileOf(command)).toBe(expected)
})
