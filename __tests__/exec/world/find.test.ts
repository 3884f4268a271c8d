import {expect, test} from '@jest/globals'
import {sayStart, startScript} from '../../support/script-start.ts'

/* What `find` does to files below where it looks: findutils 4.9. */

const REFUSED = '/app/arm: refused'
const BY_FIND = `${REFUSED} (find in /e.sh)`
const PLAIN = '/app/plain: not-executable'

/** It may have removed a program, which is asked for then. */
const GONE = [`? ${REFUSED}`, '/app/server']
const KEPT = [REFUSED, '/app/server']
const ASK = '[ -x /app/server ] && exec /app/arm; exec /app/server'

test.each<[script: string, ...expected: string[]]>([
  [`find /app -delete; ${ASK}`, ...GONE],
  [`find /opt /app -delete; ${ASK}`, ...GONE],
  [`find /opt -delete; ${ASK}`, ...KEPT],
  // Options that come first, of which one has an argument, are no places.
  [`cd /tmp; find -L /app -delete; ${ASK}`, ...GONE],
  [`cd /tmp; find -H -P -O2 -D tree /app -delete; ${ASK}`, ...GONE],
  [`cd /tmp; find -D tree -- /app -delete; ${ASK}`, ...GONE],
  [`cd /tmp; find -L /opt -delete; ${ASK}`, ...KEPT],
  [`cd /app; find -L /opt -delete; ${ASK}`, ...KEPT],
  [`cd /app; find -delete; ${ASK}`, ...GONE],
  [`cd /app; find -name x -delete; ${ASK}`, ...GONE],
  [`cd /app; find ! -name x -delete; ${ASK}`, ...GONE],
  [`cd /app; find '(' -name x ')' -delete; ${ASK}`, ...GONE],
  [`cd /tmp; find -L -delete; ${ASK}`, ...KEPT],
  [`find /app -exec rm {} +; ${ASK}`, ...GONE],
  [`find /app -exec /bin/rm -f {} ';'; ${ASK}`, ...GONE],
  [`find /app -execdir rmdir {} ';'; ${ASK}`, ...GONE],
  [`find /app -ok unlink {} ';'; ${ASK}`, ...GONE],
  // The first of several actions only chooses for those behind it.
  [`find /app -exec grep -q x {} ';' -delete; ${ASK}`, ...GONE],
  [`find /app -exec test -x {} ';' -exec rm {} ';'; ${ASK}`, ...GONE],
  [`find /app -exec grep -q x {} ';'; ${ASK}`, ...KEPT],
  [`find /app -exec /bin/ls {} ';' -exec cat {} +; ${ASK}`, ...KEPT],
  ['find /app -exec sed -i s/a/b/ {} +; exec /app/arm', BY_FIND],
  ["find /app -exec grep -q x {} ';' -exec sed -i s/a/b/ {} +; exec /app/arm", BY_FIND],
  ['find /opt -exec sed -i s/a/b/ {} +; exec /app/arm', REFUSED],
  // What it starts may make files elsewhere.
  ['find /opt -exec sed -i s/a/b/ {} +; exec /app/none', '/app/none: missing (find in /e.sh)'],
  ['find /opt -exec chmod +x {} +; exec /app/none', '/app/none: missing'],
  ['find /opt -fprint /app/none; exec /app/none', '/app/none: missing (find in /e.sh)'],
  ['find /app -name x; exec /app/none', '/app/none: missing'],
  ['find /app -exec chmod +x {} +; exec /app/plain', `${PLAIN} (find in /e.sh)`],
  ['find -L /app -exec /bin/chown app {} +; exec /app/plain', `${PLAIN} (find in /e.sh)`],
  ['find /app -exec chgrp app {} +; exec /app/plain', `${PLAIN} (find in /e.sh)`],
  ['find /opt -exec chmod +x {} +; exec /app/plain', PLAIN],
])('%s', async (script, ...expected) => {
  expect(sayStart(await startScript(script))).toEqual(expected)
})
