// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text
import {describe, expect, test} from '@jest/globals'
import type {MemoryTree} from '../../support/memory-rootfs.ts'
import {executable} from '../../support/memory-rootfs.ts'
import {nativeProgram, type ScriptStart, sayStart} from '../../support/script-start.ts'
import {startScript} from '../../support/told-startup.ts'

const TOOLS = 'usermod groupadd addgroup groupmod deluser perl setpriv getent'
const FILES: MemoryTree = {
  ...Object.fromEntries(TOOLS.split(' ').map(name => [`/bin/${name}`, executable(nativeProgram())])),
  '/etc/login.defs': 'UID_MIN 1000\nUSERGROUPS_ENAB yes\n',
  '/etc/group': 'root:x:0:\nstaff:x:50:\napp:x:1000:\n',
  '/app/of1200': {content: nativeProgram(), mode: 0o700, uid: 1200, gid: 1200},
  '/app/of50': {content: nativeProgram(), mode: 0o750, uid: 0, gid: 50},
  '/app/of1000': {content: nativeProgram(), mode: 0o700, uid: 1000, gid: 1000},
}

const say = async (script: string, files: MemoryTree = {}): Promise<readonly string[]> =>
  sayStart(await startScript(script, {files: {...FILES, ...files}} satisfies ScriptStart))

describe('users and groups that are made at the start', () => {
  test.each<[script: string, ...expected: string[]]>([
    // With an id, what the user may execute is certain.
    ['useradd -u 1200 u; exec gosu u /app/of1200', '/app/of1200'],
    ['useradd -u 1300 u; exec gosu u /app/of1200', '/app/of1200: not-executable'],
    ['useradd --uid=1200 --no-create-home u; exec gosu u /app/of1200', '/app/of1200'],
    ['useradd -u 1200 u; exec gosu u /app/arm', '/app/arm: refused'],
    ['useradd -u 1200 -g staff u; exec gosu u /app/of50', '/app/of50'],
    ['useradd -u 1200 -g 50 u; exec gosu u /app/of50', '/app/of50'],
    ['useradd -u 1200 -G staff u; exec gosu u /app/of50', '/app/of50'],
    ['useradd -u 1200 u; exec gosu u /app/of50', '/app/of50: not-executable'],
    ['groupadd -g 77 g; useradd -u 1200 -g g u; exec gosu u:staff /app/of50', '/app/of50'],
    ['groupadd -g 77 g && useradd -u 1200 -g g u && exec gosu u /app/of50', '/app/of50: not-executable'],
    ['usermod -u 1200 app; exec gosu app /app/of1200', '/app/of1200'],
    ['usermod -aG staff app; exec gosu app /app/of50', '/app/of50'],
    ['usermod -g staff app; exec gosu app /app/of50', '/app/of50'],
    ['groupmod -g 50 -o app; exec gosu app /app/of50', '/app/of50'],
    ['adduser -D -u 1200 u; exec su-exec u /app/of1200', '/app/of1200'],
    ['adduser -D -H -u 1200 -G staff u; exec su-exec u /app/of50', '/app/of50'],
    ['adduser --disabled-password --gecos "" --uid 1200 u; exec gosu u /app/of1200', '/app/of1200'],
    ['adduser -D -u 1200 u; adduser u staff; exec su-exec u /app/of50', '/app/of50'],
    ['addgroup -g 77 g; adduser -D -u 1200 -G g u; exec su-exec u /app/of50', '/app/of50: not-executable'],
    ['useradd -u 1200 u; chown u /app/private; exec gosu u /app/private', '/app/private'],
    ['useradd -u 1200 u; [ "$(id -u u)" = 1200 ] && exec /app/arm', '/app/arm: refused'],
    ['id app || exec /app/arm; exec /app/server', '/app/server'],
    ['id u || useradd -u 1200 u; exec gosu u /app/of1200', '/app/of1200'],
    // What fails adds nobody.
    ['useradd -u 1000 u || exec /app/arm', '/app/arm: refused'],
    ['useradd app || exec /app/arm', '/app/arm: refused'],
    ['useradd -g gone u || exec /app/arm', '/app/arm: refused'],
    ['groupadd staff || exec /app/arm', '/app/arm: refused'],
    ['groupadd -f staff && exec /app/arm', '/app/arm: refused'],
    ['usermod -u 5 gone || exec /app/arm', '/app/arm: refused'],
    ['addgroup app gone || exec /app/arm', '/app/arm: refused'],
    // Another is still missing.
    ['useradd -u 1200 u; exec gosu v /app/server', '/etc/passwd: no-such-user'],
  ])('%s', async (script, ...expected) => {
    expect(await say(script)).toEqual(expected)
  })
})

describe('where the ids are not certain, the user is there, and permissions are in doubt', () => {
  test.each<[script: string, ...expected: string[]]>([
    ['useradd u; exec gosu u /app/server', '/app/server'],
    ['useradd u; exec gosu u /app/arm', '/app/arm: refused'],
    ['useradd u; exec gosu u /app/none', '/app/none: missing'],
    ['useradd u; exec gosu u /app/of1200', '/app/of1200: not-executable (useradd in /e.sh)'],
    ['useradd -N -u 1200 u; exec gosu u /app/of50', '/app/of50: not-executable (useradd in /e.sh)'],
    ['adduser -S u; exec su-exec u /app/of50', '/app/of50: not-executable (adduser in /e.sh)'],
    ['adduser -g x -u 1200 u; exec su-exec u /app/of50', '/app/of50: not-executable (adduser in /e.sh)'],
    ['useradd u; useradd v; exec gosu v /app/of1200', '/app/of1200: not-executable (useradd in /e.sh)'],
    [
      `useradd u; exec gosu u sh -c '[ "$(id -u)" = 1000 ] && exec /app/arm; exec /app/server'`,
      ...['? /app/arm: refused', '/app/server'],
    ],
    ['useradd "$U"; exec gosu u /app/arm', '/etc/passwd: no-such-user (useradd in /e.sh)', '/app/arm: refused'],
    ['useradd -K x=y u; exec gosu u /app/arm', '/etc/passwd: no-such-user (useradd in /e.sh)', '/app/arm: refused'],
    ['deluser app; exec gosu app /app/of1200', '/app/of1200: not-executable (deluser in /e.sh)'],
    [
      'gosu app useradd u; exec gosu u /app/arm',
      '/etc/passwd: no-such-user (useradd (argument of gosu))',
      '/app/arm: refused',
    ],
    // Packages add users, and so may whatever is not known.
    ['apt-get install -y x; exec gosu u /app/arm', '/etc/passwd: no-such-user (apt-get in /e.sh)', '/app/arm: refused'],
    ['apt-get install -y x; exec gosu app /app/of1200', '/app/of1200: not-executable'],
    ['curl -o /tmp/x y; exec gosu u /app/server', '/etc/passwd: no-such-user'],
    ['exec gosu u /app/arm', '/etc/passwd: no-such-user'],
    // The text of the database is not told to the letter.
    [
      'useradd -u 1200 u; [ "$(cut -d: -f1 /etc/passwd)" ] && exec /app/arm; exec /app/server',
      ...['? /app/arm: refused', '/app/server'],
    ],
  ])('%s', async (script, ...expected) => {
    expect(await say(script)).toEqual(expected)
  })
})

describe("Debian's adduser is a script of Perl", () => {
  const files = {'/usr/sbin/adduser': executable('#! /usr/bin/perl\n'), '/usr/bin/perl': executable(nativeProgram())}
  test.each<[script: string, ...expected: string[]]>([
    ['/usr/sbin/adduser --disabled-password --uid 1200 u; exec gosu u /app/of1200', '/app/of1200'],
    [
      '/usr/sbin/adduser --what u; exec gosu u /app/of1200',
      '/etc/passwd: no-such-user (perl in /e.sh)',
      '/app/of1200: not-executable (perl in /e.sh)',
    ],
  ])('%s', async (script, ...expected) => {
    expect(await say(script, files)).toEqual(expected)
  })
})
