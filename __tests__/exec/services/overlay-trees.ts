import {program} from '../../../scripts/kernel/elf.ts'
import {executable, type MemoryTree} from '../../support/memory-rootfs.ts'

// Scripts take these trees, too: nothing here may need a test.
const native = executable(program({}))
const HOME = '/package/admin/s6-overlay-3.2'
const SOURCES = `${HOME}/etc/s6-rc/sources`

const commands = [
  ...['s6-overlay-suexec', 's6-linux-init-maker', 's6-rc-compile', 's6-rc-init', 's6-rc', 's6-svscan', 's6-supervise'],
  ...['s6-envdir', 'execlineb'],
]

/** The files that s6-overlay 3 starts by, as far as they decide what it starts. */
export const OVERLAY_3: MemoryTree = {
  ...Object.fromEntries(['sh', 'cp', 'execlineb'].map(name => [`/bin/${name}`, native])),
  ...Object.fromEntries(commands.map(name => [`/command/${name}`, native])),
  '/run': {kind: 'directory'},
  '/var/run': {link: '/run'},
  '/init': executable(
    `#!/bin/sh -e\nPATH=/command:/usr/bin:/bin\nexport PATH\nexec s6-overlay-suexec ' ${HOME}/libexec/preinit' '' ${HOME}/libexec/stage0 "$@"\n`,
  ),
  [`${HOME}/libexec/preinit`]: executable('#!/bin/sh -e\ns6-mkdir -p /run\n'),
  [`${HOME}/libexec/stage0`]: executable('#!/bin/sh -e\nexec /run/s6/basedir/bin/init "$@"\n'),
  [`${HOME}/etc/s6-linux-init/skel/rc.init`]: executable('#!/bin/sh -e\ns6-rc -u change "$1"\n'),
  ...Object.fromEntries(
    ['fix-attrs', 'cont-init', 'services-up', 'cont-finish', 'services-down'].map(name => [
      `${HOME}/etc/s6-rc/scripts/${name}`,
      executable('#!/bin/sh\n'),
    ]),
  ),
  [`${SOURCES}/base/type`]: 'bundle\n',
  [`${SOURCES}/base/contents.d/fix-attrs`]: '',
  [`${SOURCES}/base/contents.d/legacy-cont-init`]: '',
  [`${SOURCES}/fix-attrs/type`]: 'oneshot\n',
  [`${SOURCES}/fix-attrs/up`]: `${HOME}/etc/s6-rc/scripts/fix-attrs\n`,
  [`${SOURCES}/legacy-cont-init/type`]: 'oneshot\n',
  [`${SOURCES}/legacy-cont-init/up`]: `${HOME}/etc/s6-rc/scripts/cont-init\n`,
  [`${SOURCES}/legacy-cont-init/dependencies.d/fix-attrs`]: '',
  [`${SOURCES}/legacy-services/type`]: 'oneshot\n',
  [`${SOURCES}/legacy-services/up`]: `${HOME}/etc/s6-rc/scripts/services-up\n`,
  [`${SOURCES}/legacy-services/dependencies.d/base`]: '',
  [`${SOURCES}/legacy-services/dependencies.d/user`]: '',
  [`${SOURCES}/top/type`]: 'bundle\n',
  ...Object.fromEntries(
    ['base', 'legacy-services', 'user', 'user2'].map(name => [`${SOURCES}/top/contents.d/${name}`, '']),
  ),
  ...Object.fromEntries(
    ['user', 'user2'].flatMap(name => [
      [`/etc/s6-overlay/s6-rc.d/${name}/type`, 'bundle\n'],
      [`/etc/s6-overlay/s6-rc.d/${name}/contents.d/.empty`, ''],
    ]),
  ),
}

/** What s6-overlay 2 starts by, as far as it decides what is started. */
export const OVERLAY_2: MemoryTree = {
  ...Object.fromEntries(['sh', 'cp', 'execlineb', 's6-svscan', 'with'].map(name => [`/bin/${name}`, native])),
  '/init': executable('#!/bin/execlineb -S0\n/bin/importas -D /bin PATH PATH\n/etc/s6/init/init-stage1 $@\n'),
  '/etc/s6/init/env/PATH': '/bin',
  '/etc/s6/init/init-stage1': executable('#!/bin/execlineb -S0\n/etc/s6/init-no-catchall/init-stage1 $@\n'),
  '/etc/s6/init/init-stage2': executable('#!/bin/execlineb -S0\nforeground { /etc/s6/init/x }\n$@\n'),
  '/run': {kind: 'directory'},
  '/var/run': {link: '/run'},
  '/app': native,
}
