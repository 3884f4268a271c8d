import {describe, expect, test} from '@jest/globals'
import {readStartup} from '../../src/exec/index.ts'
import {imageConfig} from '../support/image-config.ts'
import {memoryRootfs} from '../support/memory-rootfs.ts'
import {startPm2, TREE} from '../support/pm2-start.ts'

/*
 * What pm2-runtime 6.0.14 makes of a configuration: which file it starts, by which interpreter, with
 * which words, where. By their sources 5.4.3 and 7.0.4 do the same.
 */

describe('a configuration', () => {
  const COMPUTES = 'unknown: what pm2-runtime starts c.config.js computes'
  const NO_APP = 'c.config.js has no app for it to start'
  test.each<[config: string, options: string, ...expected: string[]]>([
    ['{pm2: {script: "a.js"}}', '', 'node /w/a.js'],
    ['{pm2: {apps: [{script: "a.js"}]}}', '', COMPUTES],
    ['{pm2: [{script: "a.js"}], apps: [{script: "tool"}]}', '', '/bin/node /bin/tool'],
    ['[{script: "a.js"}, {script: "prog"}]', '', 'node /w/a.js', '/bin/prog'],
    ['{apps: [{cmd: "prog"}, {command: "elf"}, {exec: "a.sh"}]}', '', '/bin/prog', '/w/elf', 'bash /w/a.sh'],
    ['{script: "prog", args: "-x \'a b\'  --n=\\"c d\\" e\\\\ f "}', '', '/bin/prog -x a b --n="c d" e\\ f'],
    ['{script: "prog", args: ["a", 1, true]}', '', '/bin/prog a 1 true'],
    ['{script: "prog", args: "\\"\\" a"}', '', '/bin/prog a'],
    ['{script: "a.js", cwd: "sub"}', '', 'a.js: not-in-path'],
    ['{script: "../a.js", cwd: "sub"}', '', 'node /w/a.js'],
    ['{script: "a.js", cwd: "/w/sub/.."}', '', 'node /w/a.js'],
    ['{script: "elf.sh", interpreter: "none"}', '', '/w/elf.sh'],
    ['{script: "a.js", interpreter: "ruby", exec_interpreter: "bash"}', '', 'bash /w/a.js'],
    ['{apps: []}', '', NO_APP],
    ['{script: "nosuch"}', '', 'nosuch: not-in-path'],
    ['{apps: [{script: "./nosuch"}, {script: "prog"}]}', '', '/w/nosuch: missing', '/bin/prog'],
    ['{apps: [{name: "a", script: "prog"}, {script: "tool"}]}', '--only none', NO_APP],
    ['{apps: [{name: "a", script: "prog"}, {script: "tool"}]}', '--only b,a', '/bin/prog'],
    ['{apps: [{script: "./a.x.js"}, {script: "prog"}]}', '--only prog', '/bin/prog'],
    ['{apps: [{script: "dir/prog.sh.js"}, {script: "elf"}]}', '--only prog.sh', '/w/dir/prog.sh.js: missing'],
    ['{apps: [make(), {script: "prog"}]}', '--only prog', '/bin/prog'],
    ['{apps: [make()]}', '--only prog', COMPUTES],
    ['{apps: [{name: x, script: "prog"}]}', '--only prog', COMPUTES],
    // What is computed.
    ['make()', '', COMPUTES],
    ['{apps: make()}', '', COMPUTES],
    ['{apps: ["a.js"]}', '', COMPUTES],
    ['{script: x}', '', COMPUTES],
    ['{script: "a.js", cwd: x}', '', COMPUTES],
    ['{script: "a.js", interpreter: x}', '', COMPUTES],
    ...['x', '[x]', '{}', '"a\\"b c\\"d"', '"\\"a"', '\'"a"b\''].map<[string, string, string]>(args => [
      `{script: "prog", args: ${args}}`,
      '',
      'unknown: the arguments of prog are computed, or depend on the version of pm2',
    ]),
  ])('%s %s', async (config, options, ...expected) => {
    const words = ['c.config.js', ...options.split(' ').filter(word => word !== '')]
    expect(await startPm2(words, {'/w/c.config.js': `module.exports = ${config}\n`})).toEqual(expected)
  })

  test('names are separated by a comma or a blank', async () => {
    const config = '{apps: [{name: "a", script: "prog"}, {script: "tool"}, {name: "c", script: "a.js"}]}'
    const said = await startPm2(['c.json', '--only', 'a tool'], {'/w/c.json': config})
    expect(said).toEqual(['/bin/prog', '/bin/node /bin/tool'])
  })

  test.each([
    ['p.json', '{"script": "prog"}'],
    ['p.json5.yml', '{script: "prog"}'],
    ['p.yaml.txt', 'script: prog\n'],
    ['p.yml', 'script: prog\n'],
    ['p.config.cjs', 'module.exports = {script: "prog"}'],
    ['p.config.mjs', 'export default {script: "prog"}'],
  ])('%s is one', async (name, text) => {
    expect(await startPm2([name], {[`/w/${name}`]: text})).toEqual(['/bin/prog'])
  })

  test('of YAML that is two documents, or none, is not one', async () => {
    const expected = ['unknown: c.yml, which pm2-runtime reads, is not one document of YAML']
    expect(await startPm2(['c.yml'], {'/w/c.yml': 'a: 1\n---\nscript: prog\n'})).toEqual(expected)
    expect(await startPm2(['c.yml'])).toEqual(['c.yml: missing'])
  })
})

describe('the variables of an app', () => {
  const CONFIG = `{script: "prog", env_p: {XA: 2}, env: {XA: 1, XB: true, XC: null, XD: "d", XE: make()}}`
  test.each([
    ['', '1'],
    ['--env p', '2'],
    ['--env=p', '2'],
    ['--env', '1'],
    ['--env none', '1'],
  ])('%s', async (options, expected) => {
    const words = ['c.json', ...options.split(' ').filter(word => word !== '')]
    let last: ReadonlyMap<string, string> | undefined
    let unknown: ReadonlySet<string> | undefined
    await readStartup({
      config: imageConfig({entrypoint: ['pm2-runtime', ...words], env: ['PATH=/bin', 'XE=1'], workingDir: '/w'}),
      rootfs: memoryRootfs({...TREE, '/w/c.json': CONFIG}),
      platform: {os: 'linux', architecture: 'amd64', variant: ''},
      onStart: (_, process) => ([last, unknown] = [process.env, process.unknownEnv]),
    })
    const ours = Object.fromEntries([...(last ?? [])].filter(([name]) => name.startsWith('X')))
    expect(ours).toEqual({XA: expected, XB: 'true', XC: 'null', XD: 'd'})
    expect([...(unknown ?? [])]).toEqual(['XE'])
  })
})
