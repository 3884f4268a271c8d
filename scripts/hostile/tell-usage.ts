/*
 * Loaded before the program under test by `node --import`: writes what the process took, when it ends, to the file that
 * HOSTILE_USAGE names. Nothing of the program changes.
 */
import {readFileSync, writeFileSync} from 'node:fs'

process.on('exit', () => {
  const {userCPUTime, systemCPUTime} = process.resourceUsage()
  // Not maxRSS, which keeps what the process was before it became this program.
  const kib = Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1])
  const usage = {memory: kib * 1024, busy: (userCPUTime + systemCPUTime) / 1000}
  writeFileSync(process.env.HOSTILE_USAGE ?? '', JSON.stringify(usage))
})
