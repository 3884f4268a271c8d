// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is JavaScript of an ecosystem file
import {COMPUTED, type Literal, readLiteral} from '../../../src/exec/wrappers/js-literal.ts'
import {readYamlLiteral} from '../../../src/exec/wrappers/yaml-literal.ts'
import {type FuzzTarget, holds, texts} from '../target.ts'

/** What pm2 reads its programs from: JavaScript as far as it is written out, JSON and YAML. */
export const target: FuzzTarget = {
  name: 'ecosystem-files',
  seeds: () =>
    texts(
      'module.exports = {apps: [{name: "a", script: "./a.js", env: {A: 1, B: \'x\'}, args: `-x ${1}`}, make()]}\n',
      '{"apps": [{"script": "sh", "args": ["-c", "exec $A"], "cwd": "/srv\\u0041"}]}\n',
      'apps:\n  - script: &s ./a.js\n    env: &e {A: 1, B: "x\\x41"}\n  - script: *s\n    env:\n      <<: *e\n      C: |\n        two\n        lines\n',
      'export default {\n  // text\n  apps: {script: "app", /* text */ args: [1, -2.5, null, true]},\n  ...others,\n}\n',
      "- script: 'it''s'\n  args: >-\n    folded\n    text\n- ? [a, b]\n  : !!str 1\n",
    ),
  limit: 4096,
  millisecondsPerKiB: 300,
  words: ['{', '[', '*s', '&s ', '- ', ': ', '? ', '<<: ', '/*', "'", '`', '\n ', '---\n', '!!binary '],
  run: input => {
    const text = Buffer.from(input).toString('utf8')
    const yaml = readYamlLiteral(text)
    const json = readLiteral(text)
    holds(depthOf(json) <= 22 && (yaml === undefined || depthOf(yaml) <= 22), 'what is nested more deeply is computed')
    return [plain(json), yaml === undefined ? undefined : plain(yaml)]
  },
}

function depthOf(value: Literal): number {
  if (typeof value !== 'object' || value === null) return 0
  return 1 + Object.values(value).reduce((most: number, one: Literal) => Math.max(most, depthOf(one)), 0)
}

/** Two runs are compared by their JSON, which leaves symbols out. */
function plain(value: Literal): unknown {
  if (value === COMPUTED) return {computed: true}
  if (typeof value !== 'object' || value === null) return value
  return Array.isArray(value) ? value.map(plain) : Object.entries(value).map(([name, one]) => [name, plain(one)])
}
