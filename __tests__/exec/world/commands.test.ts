// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text
import {describe, expect, test} from '@jest/globals'
import {type ScriptStart, sayStart} from '../../support/script-start.ts'
import {startScript} from '../../support/told-startup.ts'

const REFUSED = '/app/arm: refused'

describe('what a command does to the files decides what starts', () => {
  test.each<[script: string, ...expected: string[]]>([
    // Copies are what they are copies of.
    ['cp /app/server /tmp/x; exec /tmp/x', '/tmp/x -> /app/server'],
    ['cp /app/arm /tmp/x; exec /tmp/x', '/tmp/x -> /app/arm: refused'],
    ['cp /app/arm /tmp/x; cp /tmp/x /tmp/y; rm /tmp/x; exec /tmp/y', '/tmp/y -> /app/arm: refused'],
    ['cp /app/server /app/arm /data; exec /data/arm', '/data/arm -> /app/arm: refused'],
    ['cp -t /data /app/server; exec /data/server', '/data/server -> /app/server'],
    ['cp /app/server /app/arm; exec /app/arm', '/app/arm -> /app/server'],
    ['cp /app/link /tmp/x; exec /tmp/x', '/tmp/x -> /app/server'],
    ['cp -P /app/link /app/again; exec /app/again', '/app/again -> /app/server'],
    ['cp -P /app/link /tmp/x; exec /tmp/x', '/tmp/x: missing'],
    ['cp /app/plain /tmp/x; exec /tmp/x', '/tmp/x -> /app/plain: not-executable'],
    ['cp /app/plain /app/server; exec /app/server', '/app/server -> /app/plain'],
    ['cp -p /app/plain /app/server; exec /app/server', '/app/server -> /app/plain: not-executable'],
    ['cp -n /app/arm /app/server; exec /app/server', '/app/server'],
    ['cp -n /app/arm /tmp/x; exec /tmp/x', '/tmp/x -> /app/arm: refused'],
    ['cp -u /app/arm /app/server; exec /app/server', '/app/server (cp in /e.sh)'],
    ['cp /app /tmp/x; exec /tmp/x/server', '/tmp/x/server: missing'],
    ['cp /gone /tmp/x || exec /app/arm; exec /app/server', REFUSED, '/app/server'],
    ['cp /app/server /none/x || exec /app/arm', REFUSED],
    ['cp /app/server /app/server || exec /app/arm', REFUSED],
    // Whole directories.
    ['cp -r /app /srv; exec /srv/arm', '/srv/arm -> /app/arm: refused'],
    ['cp -r /app /data; exec /data/app/lib/tool', '/data/app/lib/tool -> /app/lib/tool'],
    ['cp -a /app/. /data/; exec /data/arm', '/data/arm -> /app/arm: refused'],
    ['cp -a /app/. /data/; exec /data/none', '/data/none: missing'],
    ['cp -a /app/lib/. /app; exec /app/tool', '/app/tool -> /app/lib/tool'],
    ['cp -a /app/lib/. /app; exec /app/arm', REFUSED],
    ['echo "exec /app/arm" > /app/new; cp -r /app /srv; exec sh /srv/new', '/srv/new', REFUSED],
    ['rm /app/server; cp -r /app /srv; exec /srv/server', '/srv/server: missing'],
    ['mv /app /srv; exec /srv/lib/tool', '/srv/lib/tool -> /app/lib/tool'],
    ['mv /app /srv; exec /app/server', '/app/server: missing'],
    // Moves, links, removals.
    ['mv /app/arm /app/server; exec /app/server', '/app/server -> /app/arm: refused'],
    ['mv /app/server /data; exec /app/server', '/app/server: missing'],
    ['mv /app/server /data/; exec /data/server', '/data/server -> /app/server'],
    ['ln -s /app/arm /usr/local/bin/tool; exec tool', 'tool: not-in-path'],
    [
      'mkdir -p /usr/local/bin; ln -s /app/arm /usr/local/bin/tool; exec tool',
      '/usr/local/bin/tool -> /app/arm: refused',
    ],
    ['ln -sf arm /app/server; exec /app/server', '/app/server -> /app/arm: refused'],
    ['ln -s /app/arm /app/server; exec /app/server', '/app/server'],
    ['ln /app/arm /tmp/x; rm /app/arm; exec /tmp/x', '/tmp/x -> /app/arm: refused'],
    ['ln -s /app/arm /data; exec /data/arm', '/data/arm -> /app/arm: refused'],
    ['rm /app/server; exec /app/server', '/app/server: missing'],
    ['rm -rf /app; exec /app/server', '/app/server: missing'],
    ['rm /app; exec /app/server', '/app/server'],
    ['rm -f /app/*; exec /app/server', '/app/server'],
    ['rm -f /app/*; exec /app/arm', REFUSED],
    // What only the run knows may be gone, and is nothing else.
    ['rm -f "$1"; exec /app/arm', REFUSED],
    ['rm -rf "$(date)"; exec /app/none', '/app/none: missing'],
    ['rm -rf "$(date)"; exec /app/plain', '/app/plain: not-executable'],
    ['rm -rf "$(date)"; [ -f /etc/app.conf ] && exec /app/arm; exec /app/server', `? ${REFUSED}`, '/app/server'],
    ['rm -rf "$(date)"; [ -f /etc/none ] && exec /app/arm; exec /app/server', '/app/server'],
    ['rm -rf /etc/*; [ -f /etc/app.conf ] && exec /app/arm; exec /app/server', `? ${REFUSED}`, '/app/server'],
    ['rm -rf /data/*; [ -f /etc/app.conf ] && exec /app/arm; exec /app/server', REFUSED, '/app/server'],
    ['rm -rf "$(date)"; command -v cp || exec /app/arm; exec /app/server', `? ${REFUSED}`, '/app/server'],
    ['rm -rf "$(date)"; cp /app/server /app/arm; exec /app/arm', '/app/arm: refused (cp in /e.sh)'],
    ['mv "$(date)" /data; [ -f /etc/app.conf ] && exec /app/arm; exec /app/server', `? ${REFUSED}`, '/app/server'],
    ['cp "$(date)" /data; [ -f /etc/app.conf ] && exec /app/arm; exec /app/server', REFUSED, '/app/server'],
    ['PATH=/app:/app/lib; rm -f "$(date)"; exec arm', REFUSED],
    [
      'PATH=/bin:/app:/app/lib; cp /app/server /app/lib/arm; rm -f "$(date)"; exec arm',
      '/app/arm: refused (rm in /e.sh)',
    ],
    ['PATH=/bin:/app; rm -f "$(date)"; exec none', 'none: not-in-path'],
    ['rmdir /data; cp /app/server /data; exec /data', '/data: not-executable (rmdir in /e.sh)'],
    ['mkdir /tmp/d; rmdir /tmp/d; cp /app/server /tmp/d; exec /tmp/d', '/tmp/d -> /app/server'],
    ['mkdir /a/b; cp /app/server /a/b/x; exec /a/b/x', '/a/b/x: missing'],
    ['mkdir -p /a/b && cp /app/server /a/b/x && exec /a/b/x', '/a/b/x -> /app/server'],
    ['mkdir /app/server || exec /app/arm', REFUSED],
    ['install -m 755 /app/plain /tmp/x; exec /tmp/x', '/tmp/x -> /app/plain'],
    ['install -D /app/arm /opt/bin/x; exec /opt/bin/x', '/opt/bin/x -> /app/arm: refused'],
    ['install -D /nosuch /opt/bin/x; cp /app/arm /opt/bin/y; exec /opt/bin/y', '/opt/bin/y -> /app/arm: refused'],
    ['install -D -t /opt/bin /nosuch; cp /app/arm /opt/bin; exec /opt/bin/arm', '/opt/bin/arm -> /app/arm: refused'],
    ['install -D -t /opt/bin /app/arm; exec /opt/bin/arm', '/opt/bin/arm -> /app/arm: refused'],
    ['install -d /opt/bin; cp /app/arm /opt/bin; exec /opt/bin/arm', '/opt/bin/arm -> /app/arm: refused'],
    ['install -o nosuch /app/server /tmp/x; exec /tmp/x', '/tmp/x: missing'],
    ['touch /tmp/x; exec /tmp/x', '/tmp/x: not-executable'],
    // Permissions and owners.
    ['chmod +x /app/plain; exec /app/plain', '/app/plain'],
    ['chmod 0 /app/server; exec /app/server', '/app/server: not-executable'],
    ['chmod a-x,u=rwx /app/server; exec /app/server', '/app/server'],
    ['chmod +x /app/arm; exec /app/arm', REFUSED],
    ['chmod -R 755 /app; exec /app/plain', '/app/plain'],
    ['chmod -R 755 /app; exec /app/arm', REFUSED],
    ['chmod -R go-x /app; exec su-exec app /app/server', '/app/server: not-executable'],
    ['mkdir /app/d; touch /app/d/x; chmod 700 /app/d; chmod 755 /app/d/x; exec sh /app/d/x', '/app/d/x'],
    ['chmod +x /app/*; exec /app/plain', '/app/plain: not-executable (chmod in /e.sh)'],
    ['chmod +x /app/*; exec /app/arm', REFUSED],
    ['find /app -type f -exec chmod +x {} +; exec /app/plain', '/app/plain: not-executable (find in /e.sh)'],
    ['find /app -type f -exec chmod +x {} +; exec /app/arm', REFUSED],
    ['ls /app | xargs chmod +x; exec /app/plain', '/app/plain: not-executable (xargs in /e.sh)'],
    ['exec su-exec app /app/private', '/app/private: not-executable'],
    ['chown app /app/private; exec su-exec app /app/private', '/app/private'],
    ['chown -R app:app /app; exec su-exec app /app/private', '/app/private'],
    ['chown -R app:app /app; exec su-exec app /app/arm', REFUSED],
    ['chown nosuch /app/private || exec /app/arm', REFUSED],
    ['chown "$(date)" /app/private; exec su-exec app /app/private', '/app/private: not-executable (chown in /e.sh)'],
    // Texts.
    ['printf "#!/bin/sh\\nexec /app/arm\\n" > /tmp/r; chmod +x /tmp/r; exec /tmp/r', '/tmp/r', REFUSED],
    ['echo "exec /app/arm" | tee /tmp/r; exec sh /tmp/r', '/tmp/r', REFUSED],
    ['cat > /tmp/r <<E\nexec /app/arm\nE\nexec sh /tmp/r', '/tmp/r', REFUSED],
    ['cat /app/script > /tmp/x; chmod +x /tmp/x; exec /tmp/x', '/tmp/x', REFUSED],
    ['cat /app/arm > /tmp/x; chmod +x /tmp/x; exec /tmp/x', '/tmp/x: missing (redirection in /e.sh)'],
    ['exec $(cat /etc/app.conf)', '/app/server'],
    ['echo arm >> /etc/app.conf; [ "$(cat /etc/app.conf)" = /app/server ] || exec /app/arm', REFUSED],
    // New names.
    ['T=$(mktemp -d); cp /app/arm $T/x; exec $T/x', '/tmp/tmp.XXXXXXXXXX/x -> /app/arm: refused'],
    ['T=$(mktemp); cp /app/server $T; exec $T', '/tmp/tmp.XXXXXXXXXX -> /app/server: not-executable'],
    ['A=$(mktemp -d); B=$(mktemp -d); cp /app/arm $A; exec $B/arm', '/tmp/tmp.XXXXXXXXX2/arm: missing'],
  ])('%s', async (script, ...expected) => {
    expect(sayStart(await startScript(script))).toEqual(expected)
  })
})

describe('what a command may make is no error', () => {
  test.each<[script: string, ...expected: string[]]>([
    ['apk add tool; exec tool', 'tool: not-in-path (apk in /e.sh)'],
    ['apt-get install -y tool; exec /usr/bin/tool', '/usr/bin/tool: missing (apt-get in /e.sh)'],
    ['dpkg -i /x.deb; exec tool', 'tool: not-in-path (dpkg in /e.sh)'],
    ['pip install -r req; exec gunicorn', 'gunicorn: not-in-path (pip in /e.sh)'],
    ['npm run build; exec node /dist/main.js', '/dist/main.js: missing (npm in /e.sh)'],
    ['python3 -m venv /v; exec /v/bin/app', '/v/bin/app: missing (python3 in /e.sh)'],
    ['git clone https://x/y.git; exec ./y/run', './y/run: missing (git in /e.sh)'],
    ['curl -fsSLo /usr/local/bin/tool https://x/t; exec tool', 'tool: not-in-path (curl in /e.sh)'],
    ['curl -O https://x/tool; exec ./tool', './tool: missing (curl in /e.sh)'],
    ['wget https://x/tool; exec ./tool', './tool: missing (wget in /e.sh)'],
    ['wget -qO /tmp/x https://x/tool; exec sh /tmp/x', '/tmp/x: missing (wget in /e.sh)'],
    ['wget -P /opt https://x/tool; exec /opt/tool', '/opt/tool: missing (wget in /e.sh)'],
    ['curl https://x | tar -xz -C /opt; exec /opt/a/b', '/opt/a/b: missing (tar in /e.sh)'],
    ['unzip -q /x.zip -d /opt; exec /opt/a', '/opt/a: missing (unzip in /e.sh)'],
    ['gunzip /app/new.gz; exec /app/new', '/app/new: missing (gunzip in /e.sh)'],
    ['useradd u; exec gosu u /app/server', '/app/server'],
    ['adduser -D u; exec su-exec u /app/server', '/app/server'],
    ['echo "u:x:1:1::/:" >> /etc/passwd; exec gosu u /app/server', '/app/server'],
    ['/app/server --setup; exec /var/lib/made', '/var/lib/made: missing (server in /e.sh)'],
    ['[ -x /opt/x ] || curl -o /opt/x https://x; exec /opt/x', '/opt/x: missing (curl in /e.sh)'],
    // What a command may replace.
    ['tar -xf /a.tar -C /app; exec /app/arm', '/app/arm: refused (tar in /e.sh)'],
    ['curl -o /app/arm https://x; exec /app/arm', '/app/arm: refused (curl in /e.sh)'],
    ['sed -i s/zz/b/ /app/script; exec /app/script', '/app/script', REFUSED],
    ['sed -i s/arm/server/ /app/script; exec /app/script', '/app/script', '/app/server'],
    ['sed -i s/arm/server/ /app/script; exec /app/script', '/app/script', '/app/server'],
    ['cp /app/script /tmp/x; sed -i s/arm/none/ /tmp/x; exec /tmp/x', '/tmp/x', '/app/none: missing'],
    ['sed -i "s/x/$(date)/" /app/script; exec /app/script', '/app/script (sed in /e.sh)', `${REFUSED} (sed in /e.sh)`],
    ['sed -i.old s/x/y/ /app/script; exec /app/script', '/app/script (sed in /e.sh)', `${REFUSED} (sed in /e.sh)`],
    [
      'gosu app sed -i s/arm/server/ /app/script; exec /app/script',
      '/app/script (sed (argument of gosu))',
      `${REFUSED} (sed (argument of gosu))`,
    ],
    // What may be another program may start another.
    ['curl -o /app/script x; exec /app/script', '/app/script (curl in /e.sh)', `${REFUSED} (curl in /e.sh)`],
    ['curl -o /app/link x; exec /app/arm', REFUSED],
    ['find /app -name x -delete; exec /app/arm', REFUSED],
    ['find /app -exec rm {} +; exec /app/none', '/app/none: missing'],
    ['find /app -delete; [ -x /app/server ] && exec /app/arm; exec /app/server', `? ${REFUSED}`, '/app/server'],
    ['ls | xargs rm; exec /app/arm', REFUSED],
    ['git -C /app pull; exec /app/arm', '/app/arm: refused (git in /e.sh)'],
    ['dd if=/x of=/app/arm; exec /app/arm', '/app/arm: refused (dd in /e.sh)'],
    // And what it does not.
    ['apk add tool; exec /app/arm', REFUSED],
    ['npm ci; exec /app/arm', REFUSED],
    ['wget https://x/arm; cd /app; exec ./arm', './arm -> /app/arm: refused'],
    ['tar -xf /a.tar -C /opt; exec /app/arm', REFUSED],
    ['tar -tf /a.tar; exec /opt/x', '/opt/x: missing'],
    ['tar -cf /app/arm.tar /app; exec /app/arm', REFUSED],
    ['find /app -name x; exec /app/none', '/app/none: missing'],
    ['dpkg --print-architecture; exec /app/none', '/app/none: missing'],
    ['ls; date; grep -q x /y; exec /app/none', '/app/none: missing'],
  ])('%s', async (script, ...expected) => {
    expect(sayStart(await startScript(script))).toEqual(expected)
  })
})

describe('what an engine brings', () => {
  test.each<[script: string, ScriptStart['config'], ...expected: string[]]>([
    ['exec /data/x', {volumes: ['/data']}, '/data/x: missing (the volume /data)'],
    ['exec /data/x', {volumes: ['/data/']}, '/data/x: missing (the volume /data)'],
    ['exec /data/a/b/x', {volumes: ['/data/a']}, '/data/a/b/x: missing (the volume /data/a)'],
    ['exec /app/arm', {volumes: ['/app']}, REFUSED],
    ['exec /database/x', {volumes: ['/data']}, '/database/x: missing'],
    ['cp /app/arm /vol/x; exec /vol/x', {volumes: ['/vol']}, '/vol/x -> /app/arm: refused'],
    ['cp /app/arm x; exec ./x', {workingDir: '/new'}, './x -> /app/arm: refused'],
    ['exec sh /run/secrets/x', {}, '/run/secrets/x: missing (the engine)'],
    ['exec sh /etc/resolv.conf', {}, "/etc/resolv.conf: missing (the engine's mount of /etc/resolv.conf)"],
  ])('%s with %j', async (script, config, ...expected) => {
    expect(sayStart(await startScript(script, {config: config ?? {}}))).toEqual(expected)
  })
})
