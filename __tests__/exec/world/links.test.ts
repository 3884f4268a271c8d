// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text
import {describe, expect, test} from '@jest/globals'
import {follow} from '../shell/follow-script.ts'

describe('what happens to a file by one of its names happens by the other', () => {
  test.each<[what: string, script: string, starts: readonly string[]]>([
    ['written over', 'ln /app /tmp/x\ncp /arm /tmp/x\nexec /app', ['/app refused']],
    ['by the first name', 'ln /app /tmp/x\ncp /arm /app\nexec /tmp/x', ['/tmp/x refused']],
    ['with cp -l', 'cp -l /app /tmp/x\ncat /arm > /tmp/x\nexec /app', ['/app missing maybe']],
    ['mode', 'ln /app /tmp/x\nchmod a-x /tmp/x\nexec /app', ['/app not-executable']],
    ['a third name', 'ln /app /tmp/x\nln /tmp/x /tmp/y\nchmod a-x /tmp/y\nexec /app', ['/app not-executable']],
    ['one that has been removed', 'ln /app /tmp/x\nrm /tmp/x\ncp /arm /tmp/x\nexec /app', ['/app']],
    ['or replaced', 'ln /app /tmp/x\nmv /arm /tmp/x\nexec /app', ['/app']],
    ['one that may be a link', 'unknown && ln /app /tmp/x\ncp /arm /tmp/x\nexec /app', ['/app maybe']],
    [
      'a link or a copy',
      'if unknown; then ln /app /tmp/x; else cp /app /tmp/x; fi\nchmod a-x /tmp/x\nexec /app',
      ['/app maybe'],
    ],
    ['changed by a command that is not known', 'ln /app /tmp/x\ncurl -o /tmp/x u\nexec /app', ['/app maybe']],
  ])('%s', async (_, script, starts) => {
    expect(await follow(script)).toEqual(starts)
  })
})

/* `P` may be a symlink to the program: what is written to it then is written to the program. `exec /app` follows. */
describe('what may be a symlink may be written through', () => {
  test.each<[what: string, script: string, starts: readonly string[]]>([
    ['one way makes it', 'unknown && ln -s /app /tmp/x\necho x > /tmp/x\nexec /app', ['/app maybe']],
    ['with cp', 'unknown && ln -s /app /tmp/x\ncp /arm /tmp/x\nexec /app', ['/app maybe']],
    ['of another command', 'unknown && ln -s /app /tmp/x\ncat /arm | cat > /tmp/x\nexec /app', ['/app maybe']],
    ['with curl', 'unknown && ln -s /app /tmp/x\ncurl -o /tmp/x u\nexec /app', ['/app maybe']],
    ['its mode', 'unknown && ln -s /lib.sh /tmp/x\nchmod +x /tmp/x\nexec /lib.sh', ['/lib.sh not-executable maybe']],
    ['a relative target', 'unknown && ln -s ../app /tmp/x\necho x > /tmp/x\nexec /app', ['/app maybe']],
    ['a directory', 'unknown && ln -s / /tmp/d\ncp /arm /tmp/d/app\nexec /app', ['/app maybe']],
    ['of a program that may be there', 'unknown\nln -s /app /tmp/x\necho x > /tmp/x\nexec /app', ['/app maybe']],
    ['with cp -s', 'unknown\ncp -s /app /tmp/x\necho x > /tmp/x\nexec /app', ['/app maybe']],
    ['with ln -sr', 'ln -sr /app /tmp/x\necho x > /tmp/x\nexec /app', ['/app maybe']],
    ['it is moved', 'ln -s /app /tmp/x\nunknown && mv /tmp/x /tmp/y\necho x > /tmp/y\nexec /app', ['/app maybe']],
    ['it is copied', 'ln -s /app /tmp/x\nunknown && cp -P /tmp/x /tmp/y\necho x > /tmp/y\nexec /app', ['/app maybe']],
    [
      'over what may be a link',
      'unknown && ln -s /app /tmp/x\nunknown && ln -s /tmp/x /tmp/y\necho x > /tmp/y\nexec /app',
      ['/app maybe'],
    ],
    ['it leads elsewhere', 'unknown && ln -s /arm /tmp/x\necho x > /tmp/x\nexec /app', ['/app']],
    ['only it is removed', 'unknown && ln -s /app /tmp/x\nrm -f /tmp/x\nexec /app', ['/app']],
    ['made in one way, not written', 'unknown && ln -s /arm /tmp/x\nexec /arm', ['/arm refused']],
    ['one that is gone', 'ln -s /app /tmp/x\nrm /tmp/x\ncp /arm /tmp/x\ncurl -o /tmp/x u\nexec /app', ['/app']],
    ['to itself', 'unknown && ln -s /tmp/d/d /tmp/d\necho x > /tmp/d\nexec /app', ['/app']],
    ['emptied by it', 'unknown\nln -sfn / /tmp/l\nrm -rf /tmp/l/\nexec /app', ['/app maybe']],
    ['not emptied by it', 'unknown\nln -sfn / /tmp/l\nrm -rf /tmp/l\nexec /app', ['/app']],
    ['a job makes it', 'ln -s /app /tmp/x &\necho x > /tmp/x\nexec /app', ['/app maybe']],
    ['a job writes', 'echo x > /tmp/x &\nln -s /app /tmp/x\nexec /app', ['/app maybe']],
    ['two jobs', 'echo x > /tmp/x &\nln -s /app /tmp/x &\nexec /app', ['/app maybe']],
    ['a job and a name', 'echo x > /tmp/x &\nln /app /tmp/x\nexec /app', ['/app maybe']],
    ['a job writes what is written', 'cp /arm /tmp/x &\nln -s /app /tmp/x\nchmod +x /app\nexec /app', ['/app maybe']],
    ['a pipeline', 'ln -s /app /tmp/x | cat > /tmp/x\nexec /app', ['/app maybe']],
    ['a program of another machine by its link', 'ln -s /arm /tmp/x &\nexec /arm', ['/arm refused']],
  ])('%s', async (_, script, starts) => {
    expect(await follow(script)).toEqual(starts)
  })
})

test('what is moved keeps permissions that nobody knows', async () => {
  const made = 'unknown\necho x > /tmp/r\nchmod +x /tmp/r\n'
  expect(await follow(`${made}mv /tmp/r /app\n/app`)).toEqual(['/app not-executable maybe'])
  expect(await follow(`${made}mv /tmp/r /app & wait\n/app`, 'bash')).toEqual(['/app not-executable maybe'])
  expect(await follow(`${made}mkdir /tmp/d\nmv /tmp/r /tmp/d\n/tmp/d/r`)).toEqual(['/tmp/d/r missing maybe'])
})

test('chmod -R of a user takes what is his, and may stop before', async () => {
  const own = 'cp /app /tmp/x\nchmod -R a-x /tmp\nexec /tmp/x'
  expect(await follow(own, 'dash', '1000')).toEqual(['/tmp/x not-executable maybe'])
  expect(await follow('chmod -R a-x /\nexec /arm', 'dash', '1000')).toEqual(['/arm refused'])
})
