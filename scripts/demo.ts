/** Shows both verdicts on the example images with the built command; no Docker is needed. */
import {spawnSync} from 'node:child_process'
import {EXIT} from '../src/cli.ts'

const PLATFORMS = 'linux/amd64,linux/arm64'

const shown = [
  ['examples/match', EXIT.verified],
  ['examples/mismatch', EXIT.findings],
] as const

for (const [layout, expected] of shown) {
  const args = ['dist/cli.mjs', `oci:${layout}`, '--platforms', PLATFORMS]
  console.log(`$ node ${args.join(' ')}\n`)
  const {status, stdout, stderr} = spawnSync(process.execPath, args, {encoding: 'utf8'})
  console.log(stdout + stderr)
  console.log(`exit code ${status}\n`)
  if (status !== expected) throw new Error(`expected the exit code ${expected}`)
}
