import {spawn} from 'node:child_process'
import {once} from 'node:events'

/** Somebody who clears a folder away after the end of this process, however it ends. */
export interface Janitor {
  /** Sends it home; the folder is then the caller's to remove. */
  dismiss(): Promise<void>
}

// It learns of the end by the end of its input. The servers die at the same moment and may still write for a while,
// so it looks again until the folder has stayed away.
const WATCH = `
read -r word
[ "$word" != dismissed ] || exit 0
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  rm -rf "$0"
  sleep 0.5
  [ -e "$0" ] || exit 0
done
`

/** Posts a janitor for a folder: SIGKILL, and a test runner that takes signals for itself, leave nothing behind. */
export function postJanitor(folder: string): Janitor {
  const child = spawn('sh', ['-c', WATCH, folder], {detached: true, stdio: ['pipe', 'ignore', 'ignore'], cwd: '/'})
  child.stdin.on('error', () => undefined)
  const ended = once(child, 'exit')
  // It must not keep this process from ending by itself.
  child.unref()
  return {
    async dismiss() {
      child.ref()
      child.stdin.end('dismissed\n')
      await ended
    },
  }
}
