import {describe, expect, test} from '@jest/globals'
import {executable, type MemoryTree} from '../../support/memory-rootfs.ts'
import {nativeProgram, sayStart, startScript} from '../../support/script-start.ts'

/*
 * What useradd, usermod, groupadd and groupmod of shadow 4.13, and adduser and addgroup of Debian and busybox, make of
 * a user's home and shell, in each spelling of their options, and how they end.
 */

const TOOLS = 'usermod groupadd addgroup groupmod su'
const owned = (uid: number, gid: number) => ({content: nativeProgram(), mode: 0o770, uid, gid})
const FILES: MemoryTree = {
  ...Object.fromEntries(TOOLS.split(' ').map(name => [`/bin/${name}`, executable(nativeProgram())])),
  '/etc/login.defs': 'UID_MIN 1000\nUSERGROUPS_ENAB yes\n',
  '/etc/passwd': 'root:x:0:0::/root:/bin/sh\napp:x:1000:1000::/home/app:/bin/sh\n',
  '/etc/group': 'root:x:0:\nstaff:x:50:\napp:x:1000:\n',
  '/app/shell': executable(nativeProgram()),
  '/app/of-staff': owned(9, 50),
  '/app/of-1200': owned(9, 1200),
  '/app/of-user': owned(1200, 9),
  '/home/app/x': {...owned(1000, 1000), mode: 0o700},
}
const say = async (script: string) => sayStart(await startScript(script, {files: FILES})).join(', ')

describe('HOME', () => {
  test.each([
    ['useradd u', '/home/u'],
    ['useradd -d /srv/u u', '/srv/u'],
    ['useradd --home-dir /srv/u u', '/srv/u'],
    ['useradd -b /srv u', '/srv/u'],
    ['useradd --base-dir /srv u', '/srv/u'],
    ['useradd -b /other -d /srv/u u', '/srv/u'],
    ['adduser -D u', '/home/u'],
    ['adduser -D -h /srv/u u', '/srv/u'],
    ['adduser --disabled-password --home /srv/u u', '/srv/u'],
    ['useradd u; usermod -d /srv/u u', '/srv/u'],
    ['useradd u; usermod --home /srv/u u', '/srv/u'],
  ])('%s: %s', async (command, home) => {
    const said = await say(`${command}; exec gosu u sh -c 'exec "$HOME/own"'`)
    expect(said.replace(/:.*/, '')).toBe(`${home}/own`)
  })

  const MADE = '/home/u/x: missing (useradd in /e.sh)'
  test.each([
    ['useradd u; exec /home/u/x', MADE],
    ['useradd -M u; exec /home/u/x', '/home/u/x: missing'],
    ['useradd --no-create-home u; exec /home/u/x', '/home/u/x: missing'],
    ['useradd -d /srv/u u; exec /home/u/x', '/home/u/x: missing'],
    ['adduser -D u; exec /home/u/x', MADE.replace('useradd', 'adduser')],
    ['adduser -D -H u; exec /home/u/x', '/home/u/x: missing'],
    ['adduser -D --no-create-home u; exec /home/u/x', '/home/u/x: missing'],
    // What is in it goes to the new number of its owner.
    ['usermod -u 1200 app; exec gosu app /home/app/x', '/home/app/x: not-executable (usermod in /e.sh)'],
    ['usermod -u 1200 app; exec gosu app /app/of-user', '/app/of-user'],
    ['usermod -d /srv app; exec gosu app /home/app/x', '/home/app/x'],
    ['useradd -M -u 1200 -d /app u; exec gosu u /app/of-user', '/app/of-user'],
  ])('%s', async (script, expected) => {
    expect(await say(script)).toBe(expected)
  })
})

test.each([
  ['useradd u', ''],
  ['useradd -s /app/shell u', '/app/shell'],
  ['useradd --shell /app/shell u', '/app/shell'],
  ['adduser -D u', ''],
  ['adduser -D -s /app/shell u', '/app/shell'],
  ['adduser -D --shell /app/shell u', '/app/shell'],
  ['useradd u; usermod -s /app/shell u', '/app/shell'],
  ['useradd u; usermod --shell /app/shell u', '/app/shell'],
])('the shell of a login behind %s: %s', async (command, shell) => {
  expect(await say(`${command}; exec su u -c x`)).toBe(shell === '' ? 'x: not-in-path' : shell)
})

describe('long options', () => {
  test.each([
    ['useradd --uid 1200 u', '/app/of-1200', 'yes'],
    ['useradd --uid 1200 --gid staff u', '/app/of-staff', 'yes'],
    ['useradd --uid 1200 --gid staff u', '/app/of-1200', 'no'],
    ['useradd --uid 1200 --groups staff u', '/app/of-staff', 'yes'],
    ['useradd --uid 1200 --groups ,staff, u', '/app/of-staff', 'yes'],
    ['useradd u; usermod --uid 1200 u', '/app/of-user', 'yes'],
    ['useradd u; usermod --gid staff u', '/app/of-staff', 'yes'],
    ['useradd u; usermod --groups staff u', '/app/of-staff', 'yes'],
    ['useradd u; usermod --append --groups staff u', '/app/of-staff', 'yes'],
    ['groupadd --gid 1200 g; useradd --gid g u', '/app/of-1200', 'yes'],
    ['groupadd -g 1300 g; groupmod --gid 1200 g; useradd --gid g u', '/app/of-1200', 'yes'],
    ['addgroup --gid 1200 g; useradd --gid g u', '/app/of-1200', 'yes'],
    ['useradd --uid 1000 --non-unique u; usermod --uid 1200 u', '/app/of-user', 'yes'],
  ])('%s: %s: %s', async (command, path, expected) => {
    const said = await say(`${command}; exec gosu u ${path}`)
    const answer = said === path ? 'yes' : said === `${path}: not-executable` ? 'no' : 'perhaps'
    expect(answer).toBe(expected)
  })
})

/** `/app/arm` is started behind what ends well, `/app/server` behind what fails. */
test.each([
  ['useradd u', 'well'],
  ['useradd app', 'fails'],
  ['useradd -u 1000 u', 'fails'],
  ['useradd -o -u 1000 u', 'well'],
  ['useradd -g nosuch u', 'fails'],
  ['groupadd g', 'well'],
  ['groupadd app', 'fails'],
  ['groupadd -f app', 'well'],
  ['groupadd --force app', 'well'],
  ['groupadd -g 50 g', 'fails'],
  ['groupadd --gid 50 g', 'fails'],
  ['groupadd --gid 50 --non-unique g', 'well'],
  ['groupmod -g 50 app', 'fails'],
  ['groupmod --gid 50 --non-unique app', 'well'],
  ['usermod nosuch', 'fails'],
  ['usermod -u 0 app', 'fails'],
  ['usermod -u 0 --non-unique app', 'well'],
  ['addgroup app', 'fails'],
  ['useradd u v', 'unknown'],
  ['useradd', 'unknown'],
  ['groupadd', 'unknown'],
  ['groupmod app', 'unknown'],
])('%s: %s', async (command, expected) => {
  const said = await say(`${command} && exec /app/arm; exec /app/server`)
  const likely = said.startsWith('? ')
  expect(likely ? 'unknown' : said.startsWith('/app/arm') ? 'well' : 'fails').toBe(expected)
})
