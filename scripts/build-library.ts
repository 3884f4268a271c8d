/**
 * Builds lib/, or the folder that is named: the package as a library, an ES module with its declarations. It is made
 * when the package is packed, and not committed: nothing of the action or the command is in it.
 */
import {rmSync} from 'node:fs'
import {buildLibrary} from './package/library.ts'

const [outdir = 'lib'] = process.argv.slice(2)
rmSync(outdir, {recursive: true, force: true})
const {bytes, declarations} = await buildLibrary(outdir)
console.log(`${outdir}/library.mjs ${bytes} bytes, ${declarations} files of declarations`)
