// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text
import {describe, expect, test} from '@jest/globals'
import {parsePlatform} from '../../../src/platform/index.ts'
import {executable} from '../../support/memory-rootfs.ts'
import {nativeProgram} from '../../support/script-start.ts'
import {startScript} from '../../support/told-startup.ts'

/** What `exec /x/$(COMMAND)` starts on a platform. */
async function answers(command: string, platform: string): Promise<string[]> {
  const parsed = parsePlatform(platform)
  if (!parsed.ok) throw new Error(parsed.problem)
  const {steps} = await startScript(`exec /x/$(${command})`, {platform: parsed.value})
  return steps.filter(({path}) => path.startsWith('/x/')).map(({path}) => path.slice('/x/'.length))
}

describe('commands that the platform answers', () => {
  test.each([
    ['uname -m', 'linux/amd64', ['x86_64']],
    ['uname -m', 'linux/arm64', ['aarch64']],
    ['uname -m', 'linux/riscv64', ['riscv64']],
    ['uname -m', 'linux/ppc64le', ['ppc64le']],
    ['uname -m', 'linux/s390x', ['s390x']],
    // A kernel of 64 bits has a name of its own.
    ['uname -m', 'linux/arm/v7', ['armv7l', 'aarch64', 'armv8l']],
    ['arch', 'linux/arm64', ['aarch64']],
    ['uname', 'linux/amd64', ['Linux']],
    ['uname -s', 'linux/amd64', ['Linux']],
    ['uname -sm', 'linux/amd64', ['Linux', 'x86_64']],
    ['dpkg --print-architecture', 'linux/arm64', ['arm64']],
    ['dpkg --print-architecture', 'linux/arm/v7', ['armhf']],
    ['apk --print-arch', 'linux/amd64', ['x86_64']],
    ['apk --print-arch', 'linux/386', ['x86']],
    ['getconf LONG_BIT', 'linux/amd64', ['64']],
    ['getconf LONG_BIT', 'linux/arm/v7', ['32']],
    ["uname -m | sed 's/x86_64/amd64/;s/aarch64/arm64/'", 'linux/arm64', ['arm64']],
    ["uname -m | sed -e 's/x86_64/amd64/' -e 's/armv.*/arm/'", 'linux/arm/v7', ['arm', 'aarch64']],
    ['uname -s | tr A-Z a-z', 'linux/amd64', ['linux']],
    ["uname -s | tr '[:upper:]' '[:lower:]'", 'linux/amd64', ['linux']],
    ['uname -m | cut -d_ -f2', 'linux/amd64', ['64']],
    ["echo a b | awk '{print $2}'", 'linux/amd64', ['b']],
    ['cat /etc/app.conf | head -n 1 | cut -d/ -f3', 'linux/amd64', ['server']],
    ['id -u', 'linux/amd64', ['0']],
    ['id -un', 'linux/amd64', ['root']],
    ['id -u app', 'linux/amd64', ['1000']],
    ['whoami', 'linux/amd64', ['root']],
    ['basename /a/b.sh .sh', 'linux/amd64', ['b']],
    ['basename $(dirname /a/b/c)', 'linux/amd64', ['b']],
    ['readlink /app/link', 'linux/amd64', ['server']],
    ['basename $(readlink -f /app/link)', 'linux/amd64', ['server']],
    ['basename $(realpath /app/../app/link)', 'linux/amd64', ['server']],
    ['basename $(command -v tar)', 'linux/amd64', ['tar']],
  ])('%s on %s', async (command, platform, expected) => {
    const parsed = await answers(command, platform)
    // `uname -sm` is two words: the second is an argument of the first.
    expect(parsed).toEqual(command === 'uname -sm' ? ['Linux'] : expected)
  })

  test.each([
    'uname -r',
    'uname -a',
    'nproc',
    'date',
    'hostname',
    'uname -m | rev',
    "sed 's/a\\(b\\)/c/' /etc/app.conf",
  ])('%s is for the run to know', async command => {
    const {unknowns} = await startScript(`exec $(${command})`)
    expect(unknowns.map(({reason}) => reason)).toEqual(['/e.sh runs $(…), which only the run knows'])
  })

  test.each([
    ['nproc || exec /app/arm', '/app/server'],
    ['id nosuch && exec /app/arm', '/app/server'],
    ['false && exec /app/arm', '/app/server'],
    ['readlink /app/server && exec /app/arm', '/app/server'],
  ])('%s: it is known how it ends', async (text, expected) => {
    const {steps} = await startScript(`${text}\nexec /app/server`)
    expect(
      steps.filter(({certainty, path}) => certainty === 'certain' && path.startsWith('/app')).map(({path}) => path),
    ).toEqual(text.startsWith('nproc') ? ['/app/server'] : [expected])
  })

  test('a script of the name is followed, and answers as it does', async () => {
    const files = {'/usr/local/bin/uname': {content: '#!/bin/sh\necho mine\n', mode: 0o755}}
    const config = {env: ['PATH=/usr/local/bin:/bin']}
    const {steps} = await startScript('exec /x/$(uname -m)', {files, config})
    expect(steps.at(-1)?.path).toBe('/x/mine')
  })
})

describe('several answers', () => {
  const onArm = async (text: string) => {
    const parsed = parsePlatform('linux/arm/v7')
    if (!parsed.ok) throw new Error(parsed.problem)
    const native = executable(nativeProgram(parsed.value))
    const files = Object.fromEntries(['/a', '/b', '/c', '/64', '/armv7l', '/armv8l'].map(path => [path, native]))
    const {steps} = await startScript(text, {platform: parsed.value, files})
    return steps.slice(2).map(({path, certainty}) => `${certainty === 'certain' ? '!' : '?'} ${path}`)
  }

  test.each([
    ['case $(uname -m) in armv7l) exec /a;; aarch64|armv8l) exec /b;; *) exec /c;; esac', ['? /a', '? /b']],
    ['case $(uname -m) in arm*|aarch64) exec /a;; *) exec /b;; esac', ['! /a']],
    ['A=$(uname -m); case "$A" in aarch64) exec /64;; esac; exec "/$A"', ['? /64', '? /armv7l', '? /armv8l']],
    ['[ "$(uname -m)" = x86_64 ] && exec /a; exec /b', ['! /b']],
    ['if [ "$(uname -m)" = aarch64 ]; then exec /a; fi; exec /b', ['? /a', '? /b']],
  ])('%s', async (text, expected) => {
    const wanted = (await onArm(text)).filter(line => !line.includes('/bin/'))
    expect(wanted).toEqual(expected)
  })
})
