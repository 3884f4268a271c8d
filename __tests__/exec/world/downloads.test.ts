import {expect, test} from '@jest/globals'
import {executable} from '../../support/memory-rootfs.ts'
import {nativeProgram, sayStart, startScript} from '../../support/script-start.ts'

/*
 * Which files may be others behind programs that fetch and unpack: what curl 7.88, wget 1.21, unzip 6.0, tar 1.34, git
 * 2.39 and find 4.9 were seen to write. `/app/none` stands for what they may make.
 */

const NONE = '/app/none: missing'
const X = '/opt/x: missing'
const FILES = {'/bin/7z': executable(nativeProgram())}

test.each<[command: string, path: string, expected: string]>([
  // curl: each URL may have a file of its own.
  ['curl -o /tmp/a https://x/a -o /app/none https://x/b', '/app/none', `${NONE} (curl in /e.sh)`],
  ['curl -o /app/none https://x/a -o /tmp/b https://x/b', '/app/none', `${NONE} (curl in /e.sh)`],
  ['curl -uroot:pw -o /app/none https://x/a', '/app/none', `${NONE} (curl in /e.sh)`],
  ['curl -fsSLo /app/none https://x/a', '/app/none', `${NONE} (curl in /e.sh)`],
  ['curl -o/app/none https://x/a', '/app/none', `${NONE} (curl in /e.sh)`],
  ['curl --output /app/none https://x/a', '/app/none', `${NONE} (curl in /e.sh)`],
  ['curl --output=/app/none https://x/a', '/app/none', `${NONE} (curl in /e.sh)`],
  ['curl -D /app/none https://x/a', '/app/none', `${NONE} (curl in /e.sh)`],
  ['curl --dump-header /app/none https://x/a', '/app/none', `${NONE} (curl in /e.sh)`],
  ['curl -c /app/none https://x/a', '/app/none', `${NONE} (curl in /e.sh)`],
  ['curl --cookie-jar /app/none https://x/a', '/app/none', `${NONE} (curl in /e.sh)`],
  ['curl -o none --output-dir /app https://x/a', '/app/none', `${NONE} (curl in /e.sh)`],
  ['curl -o /opt/x --output-dir /app https://x/a', '/opt/x', `${X} (curl in /e.sh)`],
  ['curl -o - https://x/none', '/app/none', NONE],
  ['curl https://x/none', '/app/none', NONE],
  ['curl -o /tmp/none https://x/a', '/app/none', NONE],
])('%s; %s', async (command, path, expected) => {
  expect(sayStart(await startScript(`${command}; exec ${path}`))).toEqual([expected])
})

/** Below /app: whether `/app/none` may be there then. */
async function mayMake(command: string): Promise<boolean> {
  const [said = ''] = sayStart(await startScript(`cd /app; ${command}; exec /app/none`, {files: FILES}))
  expect(said.startsWith(NONE)).toBe(true)
  return said !== NONE
}

test.each([
  'curl -O https://x/none',
  'curl -sO https://x/none',
  'curl -O https://x/a/none?b#c',
  'curl -O http://x/none',
  'curl -O ftp://x/none',
  'curl -O file:///none',
  'curl --remote-name https://x/none',
  'curl --remote-name-all https://x/y https://x/none',
  'curl -O x/none',
  'curl -O "$(date)"',
  // The server names it.
  'curl -OJ https://x/y',
  'curl -O --remote-header-name https://x/y',
  'wget https://x/y',
  'wget -P /app https://x/y',
  'wget --directory-prefix=/app https://x/y',
  'cd /; wget -P /app https://x/y',
  'cd /; wget -P app https://x/y',
  'cd /; wget -rP /app https://x/y',
  'wget -O none https://x/y',
  'wget -qO none https://x/y',
  'wget --output-document=/app/none https://x/y',
  'tar -xf /a.tar',
  'tar xf /a.tar',
  'tar --get --file=/a.tar',
  'cd /; tar -xf /a.tar -C app',
  'tar -xf /a.tar -C /opt -C /app',
  'tar -xf /a.tar -C /app -C /opt',
  'cd /; tar -xf /a.tar --directory app',
  'tar -xOf /a.tar',
  'tar -cf none /etc',
  'unzip /a.zip',
  'cd /; unzip /a.zip -d /app',
  'cd /; unzip /a.zip -d app',
  'cd /; unzip /a.zip -dapp',
  'cd /; unzip -qd /app /a.zip',
  '7z x /a.7z',
  'cd /; 7z x /a.7z -o/app',
  'git pull',
  'git -C /app checkout x',
  'cd /; git clone https://x/app',
  'cd /; git clone https://x/app.git',
  'cd /; git clone https://x/app.git/',
  'cd /; git clone x:app',
  'cd /; git clone --depth 1 -b main https://x/y app',
  'cd /; git -C / clone https://x/app',
  'git clone https://x/y .',
  // Where it says so itself, wherever it is called.
  'cd /; wget --output-document=/app/none https://x/y',
  'cd /; wget -qO /app/none https://x/y',
  'cd /; wget --directory-prefix=app https://x/y',
  'cd /; wget --directory-prefix app https://x/y',
  'cd /; wget -r https://x',
  'cd /; wget -m https://x',
  'cd /; wget -x https://x',
  'cd /; wget -qr https://x',
  'cd /; wget --recursive https://x',
  'cd /; wget --mirror https://x',
  'cd /tmp; tar -xf /a.tar --directory /app',
  'cd /tmp; tar xfC /a.tar /app',
  'cd /tmp; tar -xf /a.tar -C /opt --xform=s,^,/app/,',
  'cd /tmp; tar -xf /a.tar -C /opt --to-command=x',
  'cd /tmp; tar -xf /a.tar -C /opt --absolute-names',
  'cd /tmp; tar -c "$(date)"',
  'cd /; curl -O "$(date)" https://x/y --output-dir app',
  'cd /; curl -o none --output-dir app https://x',
  'cd /; curl -O https://x/none --output-dir app',
  'cd /; curl -O https://x/none --output-dir "$(date)"',
  'cd /; git -C app pull',
  'cd /; git -c a=b -C app pull',
  'cd /; git clone -o other https://x/app',
  'cd /; git clone --origin other https://x/app',
  'cd /; git clone "$(date)"',
  'cd /; git clone https://x/y "$(date)"',
  'cd /; cd "$(date)"; tar -xf /a.tar',
  'cd /; cd "$(date)"; wget https://x/y',
])('%s may make a file there', async command => {
  expect(await mayMake(command)).toBe(true)
})

test.each([
  'curl -O https://x/other',
  'curl -O https://none/other',
  'cd /; curl -O https://x/none',
  'wget --spider https://x/none',
  'wget -O - https://x/none',
  'wget -O /dev/stdout https://x/none',
  'wget -O /dev/null https://x/none',
  'wget -O other https://x/none',
  'wget -P /opt https://x/none',
  'cd /; wget https://x/none',
  'tar -tf /a.tar',
  'tar --list -f /a.tar',
  'tar --diff -f /a.tar',
  'tar --compare -f /a.tar',
  'tar -xf /a.tar -C /opt',
  'tar -cf other /etc',
  'unzip -l /a.zip',
  'unzip -p /a.zip none',
  'unzip -t /a.zip',
  'unzip -qv /a.zip',
  'unzip -Z /a.zip',
  'unzip /a.zip -d /opt',
  '7z x /a.7z -o/opt',
  'git clone https://x/opt /opt',
  'cd /; git clone https://x/none',
  'cd /; git clone https://x/y opt',
  'wget -qO other https://x/none',
  'wget --output-document /tmp/none https://x/none',
  'cd /; wget -q https://x/none',
  'tar --list -f none',
  'tar --diff -f none',
  'tar --compare -f none',
  'tar -tf none',
  'tar -df none',
  'tar -c /etc',
  'cd /tmp; tar xfC /app /opt',
  'tar tf none',
  'cd /; curl -o other --output-dir app https://x/none',
  'curl -O https://x/none --output-dir /opt',
  'curl -O https://x/y/none/other',
  'git -C /tmp clone https://x/y none',
  'git -C /tmp clone https://x/none',
  'git -C /tmp pull',
  'cd /; git clone --branch app https://x/y',
  'cd /; git clone --depth=1 https://x/y',
])('%s makes none there', async command => {
  expect(await mayMake(command)).toBe(false)
})

const ARM = '/app/arm: refused'

/** Whether `/app/arm`, which is there, may be another one then. */
async function mayReplace(command: string): Promise<boolean> {
  const said = sayStart(await startScript(`cd /app; ${command}; exec /app/arm`, {files: FILES}))
  expect(said).toHaveLength(1)
  expect(said[0]?.startsWith(ARM)).toBe(true)
  return said[0] !== ARM
}

test.each([
  ['wget https://x/arm', false],
  ['wget -N https://x/arm', true],
  ['wget -qN https://x/arm', true],
  ['wget -c https://x/arm', true],
  ['wget --timestamping https://x/arm', true],
  ['wget --continue https://x/arm', true],
  ['wget -O arm https://x/y', true],
  ['curl -O https://x/arm', true],
  ['git status', false],
  ['git -C /app status', false],
  ['git log --pretty=x', false],
  ['git tag', false],
  ['git --version', false],
  ['git pull', true],
  ['git checkout x', true],
  ['git -C /tmp checkout x', false],
  ['git -c log.x=y checkout x', true],
  ['git', false],
])('%s: whether what is there may be another file: %s', async (command, expected) => {
  expect(await mayReplace(command)).toBe(expected)
})
