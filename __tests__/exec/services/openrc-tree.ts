import {program} from '../../../scripts/kernel/elf.ts'
import {executable, type MemoryTree} from '../../support/memory-rootfs.ts'

const native = executable(program({}))
/** Of OpenRC's programs only that they are linked with its library is seen. */
const linked = executable(Buffer.concat([program({}), Buffer.from('\0librc.so.1\0')]))

/** OpenRC itself, without a service. */
export const OPENRC_TREE: MemoryTree = {
  '/sbin/openrc-run': native,
  '/sbin/openrc': native,
  '/sbin/openrc-init': native,
  '/sbin/rc-service': native,
  '/sbin/start-stop-daemon': linked,
  '/sbin/supervise-daemon': linked,
  '/lib/rc/sh/openrc-run.sh': executable('#!/bin/sh\nsourcex "/lib/rc/sh/functions.sh"\nSVCNAME=$RC_SVCNAME\n'),
  '/lib/rc/sh/functions.sh': 'yesno() { case "$1" in yes|true|1) return 0;; esac; return 1; }\n',
  '/lib/rc/sh/rc-functions.sh': '',
  '/run': {kind: 'directory'},
}
