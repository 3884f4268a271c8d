import {expect, test} from '@jest/globals'
import {executable} from '../../support/memory-rootfs.ts'
import {nativeProgram, sayStart, startScript} from '../../support/script-start.ts'

/*
 * Which files programs that edit others leave as they are: coreutils 9.1, sed 4.9, gawk 5.2, gzip 1.12 and xargs of
 * findutils 4.9.
 */

const ARM = '/app/arm: refused'
const NONE = '/app/none: missing'
const names = 'sort uniq truncate shred split csplit gunzip dd awk xargs patch gzip xz'
const files = Object.fromEntries(names.split(' ').map(name => [`/bin/${name}`, executable(nativeProgram())]))

/** Whether `/app/arm` may be another file, and whether `/app/none` may be one. */
async function ask(command: string): Promise<string> {
  const [arm] = sayStart(await startScript(`${command}; exec /app/arm`, {files}))
  const [none] = sayStart(await startScript(`${command}; exec /app/none`, {files}))
  return [...(arm === ARM ? [] : ['replaced']), ...(none === NONE ? [] : ['made'])].join(', ')
}

test.each<[command: string, expected: string]>([
  ['sort /x -o /app/arm', 'replaced'],
  ['sort -uo /app/arm /x', 'replaced'],
  ['sort -o/app/arm /x', 'replaced'],
  ['sort --output=/app/arm /x', 'replaced'],
  ['sort -o /app/none /x', 'made'],
  ['sort -o/app/none /x', 'made'],
  ['sort --output=/app/none /x', 'made'],
  ['sort /app/arm', ''],
  ['sort -u /app/arm /app/none', ''],
  ['uniq /x /app/arm', 'replaced'],
  ['uniq -c /x /app/none', 'made'],
  ['uniq -c /app/arm', ''],
  ['uniq /app/arm', ''],
  ['truncate -s 0 /app/arm', 'replaced'],
  ['truncate -s 0 /app/none', 'made'],
  ['truncate -s 0 /none/none', ''],
  ['shred /app/arm', 'replaced'],
  ['shred /app/none', ''],
  ['split /x /app/no', 'made'],
  ['csplit /x /app/no', 'made'],
  ['gunzip /app/none.gz', 'made'],
  ['patch /app/arm /x.patch', 'replaced, made'],
  ['dd if=/x of=/app/arm', 'replaced'],
  ['dd if=/x of=/app/none', 'made'],
  ['dd if=/app/arm', ''],
  ['dd if=/app/arm "$(date)"', 'made'],
  ['awk "{print}" /app/arm', ''],
  ['awk -i inplace "{print}" /app/arm', 'replaced, made'],
  ['awk -iinplace "{print}" /app/arm', 'replaced, made'],
  ['awk --include=inplace "{print}" /app/arm', 'replaced, made'],
  ['awk -i inplace::x "{print}" /app/arm', 'replaced, made'],
  ['awk -i other "{print}" /app/arm', 'made'],
  ['awk \'{print > "/app/none"}\' /x', 'made'],
  ['awk \'{print | "sh"}\' /x', 'made'],
  ['awk \'BEGIN {system("x")}\'', 'made'],
  ['awk "$(date)" /x', 'made'],
  ['sed s/x/y/ /app/arm', ''],
  ["sed -n 'w /app/none' /x", 'made'],
  ["sed -n 's/x/y/;w /app/none' /x", 'made'],
  ["sed -n 'p\nw/app/none' /x", 'made'],
  ["sed -n 's/x/y/w /app/none' /x", 'made'],
  ["sed -n '$w /app/none' /x", 'made'],
  ["sed -n '2{w /app/none' -e '}' /x", 'made'],
  ["sed 's/www/y/' /x", ''],
  ['sed -i s/x/y/ /app/arm', 'replaced'],
  ['sed -ni s/x/y/p /app/arm', 'replaced'],
  ['sed -i.old s/x/y/ /app/arm', 'replaced'],
  ['sed --in-place=.old s/x/y/ /app/arm', 'replaced'],
  ['sed -i s/x/y/ /app/none', ''],
  ['sed -i s/x/y/ /app/*', 'replaced, made'],
  ['sed -i s/x/y/ /app/a*', 'replaced, made'],
  ['sed -i s/x/y/ /opt/*', ''],
  ['xargs cp', 'replaced, made'],
  ['xargs -r mv -t /x', 'replaced, made'],
  ['xargs -n 1 tar -xf', 'replaced, made'],
  ['xargs -I {} sed -i s/x/y/ {}', 'replaced, made'],
  ['xargs /bin/unzip', 'replaced, made'],
  ['xargs rm', ''],
  ['xargs echo', ''],
  ['xargs -n 1 grep x', ''],
  ['xargs -P 4 /bin/kill', ''],
  ['xargs', ''],
  ['xargs -n 1', ''],
  ['xargs unknown', 'made'],
  ['xargs -L 1 unknown echo', 'made'],
  ['xargs -d x echo', ''],
  ['xargs -s 9 -E x echo', ''],
])('%s: %s', async (command, expected) => {
  expect(await ask(command)).toBe(expected)
})

test.each<[script: string, ...expected: string[]]>([
  // It is the same file, with what stood in it changed.
  ['sed --in-place s/arm/server/ /app/script; exec /app/script', '/app/script', '/app/server'],
  ['cd /app; sed -i s/arm/server/ script; exec ./script', './script -> /app/script', '/app/server'],
  [
    'cp /app/script /tmp/x; chmod 4700 /tmp/x; sed -i s/arm/server/ /tmp/x; exec gosu app /tmp/x',
    '/tmp/x: not-executable',
  ],
  [
    'cp /app/script /tmp/x; chown app /tmp/x; chmod 700 /tmp/x; sed -i s/arm/server/ /tmp/x; exec gosu app /tmp/x',
    '/tmp/x',
    '/app/server',
  ],
  ['sed -i s/nothing/x/ /app/script && exec /app/script', '/app/script', ARM],
  // A program that xargs gives a mode, or takes away.
  ['ls | xargs -n 1 chown app; exec gosu app /app/private', '/app/private: not-executable (xargs in /e.sh)'],
  ['ls | xargs rm; [ -x /app/server ] && exec /app/arm; exec /app/server', `? ${ARM}`, '/app/server'],
  ['ls | xargs echo; [ -x /app/server ] && exec /app/arm; exec /app/server', ARM, '/app/server'],
])('%s', async (script, ...expected) => {
  expect(sayStart(await startScript(script, {files}))).toEqual(expected)
})
