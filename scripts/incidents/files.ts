import type {ElfOptions} from '../../__tests__/support/elf-builder.ts'
import type {LayoutFile} from '../support/layout-builder.ts'
import {
  glibcLibrary,
  glibcLoader,
  glibcOf,
  glibcProgram,
  type MachineName,
  muslLoader,
  muslLoaderOf,
  muslProgram,
} from './machines.ts'

/** A file of mode 0755. */
export function file(path: string, content: string | Uint8Array, mode = 0o755): LayoutFile {
  return {path, content, mode}
}

/** A script; its lines without the last line end. */
export function script(path: string, ...lines: readonly string[]): LayoutFile {
  return file(path, `${lines.join('\n')}\n`)
}

export function link(path: string, linkTarget: string): LayoutFile {
  return {path, linkTarget}
}

const DEBIAN_TOOLS = ['bash', 'cat', 'chown', 'cp', 'env', 'id', 'ls', 'mkdir', 'sed', 'sleep', 'tr']
const BUSYBOX_TOOLS = ['cat', 'chown', 'cp', 'id', 'ls', 'mkdir', 'pidof', 'sed', 'sh', 'sleep', 'su', 'tr']

/** The releases of glibc in Debian and Ubuntu. */
export const GLIBC = {bullseye: '2.31', bookworm: '2.36', jammy: '2.35'} as const

/**
 * What Debian and Ubuntu share: a merged /usr, glibc, dash as sh, bash. `marks`: what
 * the toolchain left in glibc's own files.
 */
export function debian(
  machine: MachineName,
  {glibc = GLIBC.bookworm, marks = {}}: {readonly glibc?: string; readonly marks?: ElfOptions} = {},
): readonly LayoutFile[] {
  const {loader: loaderPath, directory} = glibcOf(machine)
  const name = loaderPath.slice(loaderPath.lastIndexOf('/') + 1)
  const tool = glibcProgram(machine)
  // /lib64 is a directory of its own under /usr, which holds nothing but a link to the loader.
  const loaderLink = link(
    `usr${loaderPath}`,
    `${loaderPath.startsWith('/lib64/') ? '../lib/' : ''}${directory}/${name}`,
  )
  return [
    link('bin', 'usr/bin'),
    link('sbin', 'usr/sbin'),
    link('lib', 'usr/lib'),
    ...(loaderPath.startsWith('/lib64/') ? [link('lib64', 'usr/lib64')] : []),
    ...accounts(),
    loaderLink,
    file(`usr/lib/${directory}/${name}`, glibcLoader(machine, marks)),
    file(`usr/lib/${directory}/libc.so.6`, glibcLibrary(machine, glibc, marks)),
    file('usr/bin/dash', tool),
    link('usr/bin/sh', 'dash'),
    ...DEBIAN_TOOLS.map(command => file(`usr/bin/${command}`, tool)),
    {path: 'tmp', directory: true, mode: 0o1777},
  ]
}

/** Alpine: musl, and busybox for everything else. */
export function alpine(machine: MachineName): readonly LayoutFile[] {
  return [
    ...accounts(),
    file(muslLoaderOf(machine), muslLoader(machine)),
    file('bin/busybox', muslProgram(machine)),
    ...BUSYBOX_TOOLS.map(command => link(`bin/${command}`, '/bin/busybox')),
    link('usr/bin/env', '/bin/busybox'),
    {path: 'tmp', directory: true, mode: 0o1777},
  ]
}

/** Distroless static: accounts and certificates, no program at all. */
export function distroless(): readonly LayoutFile[] {
  return [...accounts(), file('etc/ssl/certs/ca-certificates.crt', 'no certificate\n', 0o644)]
}

function accounts(): readonly LayoutFile[] {
  const passwd = ['root:x:0:0:root:/root:/bin/sh', 'nobody:x:65534:65534:nobody:/:/sbin/nologin']
  const group = ['root:x:0:', 'nobody:x:65534:']
  return [file('etc/passwd', `${passwd.join('\n')}\n`, 0o644), file('etc/group', `${group.join('\n')}\n`, 0o644)]
}
