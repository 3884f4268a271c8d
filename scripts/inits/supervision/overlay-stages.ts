import type {MemoryTree} from '../../../__tests__/support/memory-rootfs.ts'

const EXECLINE = '/usr/lib/execline/bin'
const stage = (content: string) => ({content, mode: 0o755})

/**
 * An `/init` with its stages that does with Debian's s6 and execline, and a shell, what those of s6-overlay 2 do: keeps
 * the variables, makes scripts executable, runs start scripts by execve(2) alone, has s6-svscan start the services, and
 * runs the command with the variables.
 */
export const OVERLAY_STAGES: MemoryTree = {
  '/var/run': {link: '/run'},
  '/init': stage(`#!${EXECLINE}/execlineb -S0
${EXECLINE}/importas -D /usr/bin:/bin PATH PATH
${EXECLINE}/export PATH \${PATH}
/etc/s6/init/init-stage1 $@
`),
  '/etc/s6/init/env/PATH': `${EXECLINE}:/usr/bin:/usr/sbin:/bin:/sbin`,
  '/etc/s6/init/init-stage1': stage(`#!/bin/sh
mkdir -p /var/run/s6/container_environment /var/run/s6/services
for name in PATH HOME A S6_BEHAVIOUR_IF_STAGE2_FAILS; do
  eval "value=\\\${$name-} set=\\\${$name+yes}"
  [ -z "$set" ] || printf %s "$value" > "/var/run/s6/container_environment/$name"
done
read -r PATH < /etc/s6/init/env/PATH
exec env -i "PATH=$PATH" /bin/sh -c '/etc/s6/init/init-stage2 "$@" & exec s6-svscan -t0 /var/run/s6/services' stage1 "$@"
`),
  '/etc/s6/init/init-stage2': stage(`#!/bin/sh
# only what is started by execve(2): a shell would run a text
try() { ( exec ${EXECLINE}/exec "$@" ); }
at=/var/run/s6/container_environment
fails=0
[ ! -e $at/S6_BEHAVIOUR_IF_STAGE2_FAILS ] || read -r fails < $at/S6_BEHAVIOUR_IF_STAGE2_FAILS
for file in /etc/cont-init.d/* /etc/services.d/*/run /etc/services.d/*/finish /etc/services.d/*/log/run; do
  [ ! -e "$file" ] || chmod 0755 "$file"
done
for file in /etc/cont-init.d/*; do
  [ -e "$file" ] || [ -L "$file" ] || continue
  try "$file" || [ "$fails" -eq 0 ] || exit 1
done
for directory in /etc/services.d/*/; do
  [ ! -d "$directory" ] || cp -a "$directory" "/var/run/s6/services/"
done
s6-svscanctl -a /var/run/s6/services
[ $# -gt 0 ] || exit 0
try ${EXECLINE}/emptyenv s6-envdir $at ${EXECLINE}/exec "$@"
`),
}
