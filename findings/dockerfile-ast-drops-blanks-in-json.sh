#!/usr/bin/env bash
# dockerfile-ast 0.7.1 (npm), the Dockerfile parser that snyk-docker-plugin 9.20.2 depends on. `getJSONStrings` gives
# the words of the exec form, and one expects what JSON says: `["sh", "-c", "exec app"]` has the words sh, -c and `exec
# app`. It leaves out every blank within a string and decodes no escape: the words are sh, -c and `execapp`, and \n and
# \/ vanish with their letter. A check that takes the command of the image from there looks for a program that never
# was.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . dockerfile-ast@0.7.1

cat >words.cjs <<'JS'
const { DockerfileParser } = require('dockerfile-ast');
const { version } = require('dockerfile-ast/package.json');
console.log(`dockerfile-ast ${version}`);
const cases = [
  [String.raw`["sh", "-c", "exec app --port 80"]`, ['sh', '-c', 'execapp--port80']],
  [String.raw`["my app", "/opt/my app"]`, ['myapp', '/opt/myapp']],
  [String.raw`["sh", "-c", "set -e\nexec app"]`, ['sh', '-c', 'set-eexecapp']],
  [String.raw`["\/usr\/bin\/app"]`, ['usrbinapp']],
];
for (const [text, expected] of cases) {
  const [, instruction] = DockerfileParser.parse(`FROM scratch\nENTRYPOINT ${text}\n`).getInstructions();
  const words = instruction.getJSONStrings().map((word) => word.getJSONValue());
  console.log(text);
  console.log(`  JSON.parse      ${JSON.stringify(JSON.parse(text))}`);
  console.log(`  getJSONStrings  ${JSON.stringify(words)}`);
  if (JSON.stringify(words) !== JSON.stringify(expected)) {
    console.error('the behaviour has changed');
    process.exitCode = 1;
  }
}
JS
node words.cjs
