import {baseName, directoryOf} from '../../../lib/paths.ts'
import type {Process} from '../../resolved-path.ts'
import type {WorldView} from '../../world/view.ts'
import {readText} from '../../wrappers/shells.ts'

const NAME = 'openrc-run.sh'

/**
 * What the shell script of openrc-run does with the script of a service, without its messages and what it does to
 * control groups, which no start hangs on: OpenRC sh/openrc-run.sh.in. Undefined of any other script.
 */
export async function openrcRunScript(
  view: WorldView,
  process: Process,
  path: string,
  text: string,
): Promise<string | undefined> {
  if (baseName(path) !== NAME || !/\bRC_SVCNAME\b/.test(text)) return undefined
  const starter = (await readText(view, process, `${directoryOf(path)}/start-stop-daemon.sh`)) ?? ''
  // Debian's of bookworm calls the program of dpkg, whose --user is another option.
  const userOption = /--chuid\} \$command_user/.test(starter) ? '--chuid' : '--user'
  return TEXT.replaceAll('@USER@', userOption).replaceAll('@SH@', directoryOf(path))
}

const TEXT = `
. @SH@/functions.sh
. @SH@/rc-functions.sh
for _name in einfo einfon ewarn ewarnn ebegin veinfo vewarn vebegin eindent eoutdent; do
  eval "$_name() { return 0; }"
done
for _name in eend ewend veend vewend; do eval "$_name() { return \\"\\\${1:-0}\\"; }"; done
eerror() { return 1; }
eerrorn() { return 1; }
RC_SERVICE=$1
SVCNAME=$RC_SVCNAME
export RC_SERVICE SVCNAME
shift
start() { default_start; }
stop() { :; }
status() { :; }
reload() { return 1; }
default_start() {
  case "$supervisor" in
    supervise-daemon) supervise_start ;;
    s6) s6_start ;;
    runit) runit_start ;;
    *) ssd_start ;;
  esac
}
ssd_start() {
  [ -n "$command" ] || return 0
  _background=
  if yesno "$command_background"; then
    [ -n "$pidfile" ] && [ -z "$command_args_background" ] || return 1
    _background='--background --make-pidfile'
  fi
  eval start-stop-daemon --start --exec $command \\
    \${chroot:+--chroot} $chroot \${directory:+--chdir} $directory \\
    \${input_file+--stdin} $input_file \${output_log+--stdout} $output_log \${error_log+--stderr} $error_log \\
    \${output_logger:+--stdout-logger \\"$output_logger\\"} \${error_logger:+--stderr-logger \\"$error_logger\\"} \\
    \${capabilities+--capabilities} "$capabilities" \${secbits:+--secbits} "$secbits" \\
    \${no_new_privs:+--no-new-privs} \${procname:+--name} $procname \${pidfile:+--pidfile} $pidfile \\
    \${command_user+@USER@} $command_user \${umask+--umask} $umask $_background \${notify+--notify} $notify \\
    $start_stop_daemon_args -- $command_args $command_args_background
}
supervise_start() {
  [ -n "$command" ] || return 1
  eval supervise-daemon "$RC_SVCNAME" --start \\
    \${retry:+--retry} $retry \${directory:+--chdir} $directory \${chroot:+--chroot} $chroot \\
    \${output_log+--stdout} $output_log \${error_log+--stderr} $error_log \\
    \${output_logger:+--stdout-logger \\"$output_logger\\"} \${error_logger:+--stderr-logger \\"$error_logger\\"} \\
    \${pidfile:+--pidfile} $pidfile \${respawn_delay:+--respawn-delay} $respawn_delay \\
    \${respawn_max:+--respawn-max} $respawn_max \${respawn_period:+--respawn-period} $respawn_period \\
    \${capabilities+--capabilities} "$capabilities" \${secbits:+--secbits} "$secbits" \\
    \${no_new_privs:+--no-new-privs} \${command_user+--user} $command_user \${umask+--umask} $umask \\
    \${supervise_daemon_args-\${start_stop_daemon_args}} $command -- $command_args $command_args_foreground
}
for _file in /etc/rc.conf /etc/rc.conf.d/*.conf; do
  if [ -e "$_file" ]; then . "$_file" || exit 1; fi
done
_conf=\${RC_SERVICE%/*}/../conf.d
for _name in "\${RC_SVCNAME%%.*}" "$RC_SVCNAME"; do
  [ -n "$_name" ] || continue
  if [ -e "$_conf/$_name.$RC_RUNLEVEL" ]; then . "$_conf/$_name.$RC_RUNLEVEL" || exit 1
  elif [ -e "$_conf/$_name" ]; then . "$_conf/$_name" || exit 1
  fi
  [ "$_name" != "$RC_SVCNAME" ] || break
done
[ ! -e @SH@/s6.sh ] || . @SH@/s6.sh
[ ! -e @SH@/runit.sh ] || . @SH@/runit.sh
_foreign=$(lsb2rcconf "$RC_SERVICE" 2>/dev/null)
[ -z "$_foreign" ] || exec "$RC_SERVICE" "$@"
. "$RC_SERVICE" || exit 1
for _name in $required_dirs; do [ -d "$_name" ] || exit 1; done
for _name in $required_files; do [ -r "$_name" ] || exit 1; done
_does() { case "$(command -v "$1")" in "$1") return 0 ;; esac; return 1; }
_command=$1
_does "$_command" || exit 0
if _does "\${_command}_pre"; then "\${_command}_pre" || exit 1; fi
if _does "\${_command}_post"; then "$_command" && "\${_command}_post"; else "$_command"; fi
`
