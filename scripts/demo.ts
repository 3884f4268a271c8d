/**
 * Shows both verdicts on the example images with the built command, and with `-- fleet` a list of them in three parts
 * that are merged; no Docker is needed.
 */
import {spawnSync} from 'node:child_process'
import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {EXIT} from '../src/cli.ts'
import {withTemporaryFolder} from './support/temporary-folder.ts'

const PLATFORMS = 'linux/amd64,linux/arm64'

if (process.argv.includes('fleet')) await withTemporaryFolder('verify-demo', showFleet)
else showVerdicts()

function showVerdicts(): void {
  show(['oci:examples/match', '--platforms', PLATFORMS], EXIT.verified)
  show(['oci:examples/mismatch', '--platforms', PLATFORMS], EXIT.findings)
}

/** Inventory, plan, three parts, merge, and what is new since a run that knew one image only. */
async function showFleet(folder: string): Promise<void> {
  const at = (name: string): string => join(folder, name)
  writeFileSync(at('images.txt'), 'oci:examples/match\noci:examples/mismatch\noci:examples/nowhere\n')
  console.log(`$ cat ${at('images.txt')}\n\n${readFileSync(at('images.txt'), 'utf8')}`)
  show(['plan', '--images-from', at('images.txt'), '--sizes', '--output', at('plan.jsonl')], EXIT.verified)
  const inventory = ['--images-from', at('plan.jsonl'), '--platforms', PLATFORMS]
  const codes = [1, 2, 3].map(part => {
    const args = [...inventory, '--shard', `${part}/3`, '--stream', at(`part-${part}.jsonl`)]
    return show(args)
  })
  const expected = [EXIT.verified, EXIT.findings, EXIT.couldNotCheck]
  if (codes.toSorted().join() !== expected.join()) throw new Error(`expected the exit codes ${expected.join(', ')}`)
  const parts = [1, 2, 3].map(part => at(`part-${part}.jsonl`))
  show(['merge', ...parts, '--report', `markdown=${at('summary.md')}`], EXIT.couldNotCheck)
  console.log(`$ cat ${at('summary.md')}\n\n${readFileSync(at('summary.md'), 'utf8')}`)
  show(['oci:examples/match', '--platforms', PLATFORMS, '--stream', at('last.jsonl')], EXIT.verified)
  show(['trend', ...parts, '--against', at('last.jsonl'), '--fail-on-new'], EXIT.findings)
}

/** Runs the built command, and prints what it prints; throws where it ends otherwise than expected. */
function show(argv: readonly string[], expected?: number): number | null {
  const args = ['dist/cli.mjs', ...argv]
  console.log(`$ node ${args.join(' ')}\n`)
  const {status, stdout, stderr} = spawnSync(process.execPath, args, {encoding: 'utf8'})
  console.log(stdout + stderr)
  console.log(`exit code ${status}\n`)
  if (expected !== undefined && status !== expected) throw new Error(`expected the exit code ${expected}`)
  return status
}
