#!/usr/bin/env bash
# @actions/workflow-parser 0.3.61 (npm), GitHub's own parser of workflows. It is an ES module, and its package.json says
# that it runs on node 20 and newer; one expects `import '@actions/workflow-parser'` to work there. It imports its schema,
# a JSON file, without an import attribute, which no node takes: every import of it ends with
# ERR_IMPORT_ATTRIBUTE_MISSING (node 20: ERR_IMPORT_ASSERTION_TYPE_MISSING). What bundles it (esbuild, an editor's extension) or loads modules by its own rules (jest)
# does not notice. @actions/expressions 0.3.61, the evaluator that it stands on, can be imported.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . \
  @actions/workflow-parser@0.3.61 @actions/expressions@0.3.61 esbuild@0.28.2
engines=$(node -p 'require("./node_modules/@actions/workflow-parser/package.json").engines.node')
echo "node $(node --version), and the package says $engines"

see() { node --input-type=module -e "import('$1').then(() => console.log('imported'), e => console.log(e.code))"; }
echo "@actions/workflow-parser: $(see @actions/workflow-parser)"
echo "@actions/expressions:     $(see @actions/expressions)"
echo "export * from '@actions/workflow-parser'" >entry.mjs
npx --no-install esbuild entry.mjs --bundle --platform=node --format=cjs --log-level=error --outfile=bundle.cjs
echo "bundled by esbuild:       $(see ./bundle.cjs)"

[[ $(see @actions/workflow-parser) =~ ^ERR_IMPORT_(ATTRIBUTE|ASSERTION_TYPE)_MISSING$ ]] &&
  [ "$(see @actions/expressions)" = imported ] && [ "$(see ./bundle.cjs)" = imported ] ||
  { echo 'the behaviour has changed' >&2; exit 1; }
