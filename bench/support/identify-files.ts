/** Identifies the files named on standard input; prints how many milliseconds that took. */
import {identify} from '../../src/binary/index.ts'
import {withFile} from './identify-file.ts'

const chunks: Buffer[] = []
for await (const chunk of process.stdin) chunks.push(chunk)
const paths = Buffer.concat(chunks).toString().trim().split('\n')
const start = performance.now()
for (const path of paths) await withFile(path, identify)
process.stdout.write(String(performance.now() - start))
