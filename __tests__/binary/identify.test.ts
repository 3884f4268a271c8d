import {expect, describe as group, test} from '@jest/globals'
import {describe, identify} from '../../src/binary/index.ts'
import {bytesAccess} from '../../src/lib/bytes.ts'
import {bytes} from '../support/bytes.ts'

const zeros = (count: number) => new Uint8Array(count)
const u32le = (value: number) => [value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24]

/** A DOS header that points to a PE header right behind it. */
function pe(machine: number, characteristics = 0x22): Uint8Array {
  const header = ['PE\0\0', machine & 255, machine >> 8, zeros(16), characteristics & 255, characteristics >> 8]
  return bytes('MZ', zeros(0x3a), u32le(0x40), ...header, zeros(40))
}

const macho = (cpu: number, fileType: number) =>
  bytes(0xcf, 0xfa, 0xed, 0xfe, u32le(cpu), u32le(0), u32le(fileType), zeros(16))
const fat = (count: number, ...cpus: readonly (readonly number[])[]) =>
  bytes(0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, count, ...cpus.flatMap(cpu => [cpu, zeros(16)]))
const go =
  '!<arch>\n__.PKGDEF       0           0     0     644     1234      `\ngo object linux arm64 go1.26.1 X:regabi\n'

group('what a file is', () => {
  test.each<[what: string, content: Uint8Array, expected: object]>([
    ['empty file', bytes(), {kind: 'empty'}],
    ['Windows program for amd64', pe(0x8664), {kind: 'pe', machine: 0x8664, architecture: 'amd64', dll: false}],
    ['Windows program for 386', pe(0x14c), {kind: 'pe', architecture: '386'}],
    ['Windows DLL for arm64', pe(0xaa64, 0x2022), {kind: 'pe', architecture: 'arm64', dll: true}],
    ['Windows program for machine 0x1234', pe(0x1234), {kind: 'pe', machine: 0x1234, architecture: undefined}],
    ['DOS or Windows program', bytes('MZ', zeros(200)), {kind: 'pe', machine: undefined}],
    [
      'Mach-O program for arm64',
      macho(0x0100000c, 2),
      {kind: 'mach-o', cpus: ['arm64'], fat: false, fileType: 'program'},
    ],
    ['Mach-O dynamic library for x86_64', macho(0x01000007, 6), {kind: 'mach-o', cpus: ['x86_64']}],
    ['Mach-O program for i386', bytes(0xfe, 0xed, 0xfa, 0xce, 0, 0, 0, 7, zeros(7), 2, zeros(8)), {cpus: ['i386']}],
    [
      'Mach-O universal binary for x86_64, arm64',
      fat(2, [1, 0, 0, 7], [1, 0, 0, 12]),
      {kind: 'mach-o', cpus: ['x86_64', 'arm64'], fat: true},
    ],
    ['Java class (version 61)', bytes(0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 61, 0, 0), {kind: 'java-class', major: 61}],
    [
      'ar archive (go build of a non-main package, linux/arm64)',
      bytes(go),
      {kind: 'ar', flavour: 'go-package', go: {goos: 'linux', goarch: 'arm64', version: 'go1.26.1'}},
    ],
    ['ar archive (static library)', bytes('!<arch>\n/               0 '), {kind: 'ar', flavour: 'static-library'}],
    ['ar archive (static library)', bytes('!<thin>\n/               0 '), {kind: 'ar', flavour: 'static-library'}],
    ['Debian package', bytes('!<arch>\ndebian-binary   1'), {kind: 'ar', flavour: 'debian-package'}],
    ['WebAssembly module', bytes('\0asm', 1, 0, 0, 0), {kind: 'wasm', version: 1, component: false}],
    ['WebAssembly component', bytes('\0asm', 13, 0, 1, 0), {kind: 'wasm', version: 13, component: true}],
    [
      'Git LFS pointer (git lfs pull was not run)',
      bytes('version https://git-lfs.github.com/spec/v1\noid sha256:4d7a21\nsize 12345\n'),
      {kind: 'git-lfs-pointer', oid: 'sha256:4d7a21', size: 12345},
    ],
    ['gzip archive', bytes(0x1f, 0x8b, 8, 0), {kind: 'archive', format: 'gzip'}],
    ['zip archive', bytes('PK\x03\x04'), {kind: 'archive', format: 'zip'}],
    ['xz archive', bytes('\xfd7zXZ\0'), {kind: 'archive', format: 'xz'}],
    ['zstd archive', bytes('\x28\xb5\x2f\xfd'), {kind: 'archive', format: 'zstd'}],
    ['bzip2 archive', bytes('BZh9'), {kind: 'archive', format: 'bzip2'}],
    ['tar archive', bytes('app', zeros(254), 'ustar\x0000'), {kind: 'archive', format: 'tar'}],
    [
      'XML error page (NoSuchKey)',
      bytes('<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code><Message>The key'),
      {kind: 'markup', language: 'xml', code: 'NoSuchKey'},
    ],
    [
      'HTML page ("404 Not Found")',
      bytes('<html>\r\n<head><title>404 Not Found</title>'),
      {kind: 'markup', language: 'html'},
    ],
    [
      'HTML page ("Sign in")',
      bytes('\n<!DOCTYPE html>\n<title>\n Sign in</title>'),
      {kind: 'markup', title: 'Sign in'},
    ],
    ['HTML page', bytes('<?xml version="1.0"?><html xmlns="x">'), {kind: 'markup', language: 'html'}],
    ['XML document', bytes('<svg xmlns="http://www.w3.org/2000/svg"/>'), {kind: 'markup', language: 'xml'}],
    ['JSON document ("Not Found")', bytes('{\n  "message": "Not Found"}'), {kind: 'json', message: 'Not Found'}],
    ['JSON document', bytes('{}'), {kind: 'json'}],
    ['JSON document', bytes('["a", "b"]'), {kind: 'json'}],
    ['JSON document', bytes('[ 1, 2 ]'), {kind: 'json'}],
    ['text without #!', bytes('[ "$(uname -m)" = x86_64 ] || exit 3\nexec /app\n'), {kind: 'text'}],
    ['text without #!', bytes('[ "$1" ] && shift\nexec /app\n'), {kind: 'text'}],
    ['text without #!', bytes('[ 1 -lt "$#" ] || exit\n'), {kind: 'text'}],
    ['text without #!', bytes('[[ -n $X ]] && exec /app\n'), {kind: 'text'}],
    ['text without #!', bytes('echo hello\n'), {kind: 'text', encoding: 'ascii', firstLine: 'echo hello'}],
    ['Actually Portable Executable', bytes("MZqFpD='\n", zeros(54), '\x40\0\0\0PE\0\0'), {kind: 'ape'}],
    ['Actually Portable Executable', bytes("jartsr='\n"), {kind: 'ape'}],
    ['DOS or Windows program', bytes("MZqFpDx'\n", zeros(200)), {kind: 'pe'}],
    ['text without #!', new TextEncoder().encode('größer\n'), {kind: 'text', encoding: 'utf-8'}],
    [
      'text with a byte order mark before #!',
      bytes('\xef\xbb\xbf#!/bin/sh\n'),
      {kind: 'text', bom: true, hiddenShebang: true},
    ],
    ['text with blanks before #!', bytes('\n#!/bin/sh\n'), {kind: 'text', bom: false, hiddenShebang: true}],
    ['UTF-16 text', bytes(0xff, 0xfe, '#\0!\0/\0'), {kind: 'text', encoding: 'utf-16le', hiddenShebang: true}],
    ['UTF-16 text', bytes(0xfe, 0xff, '\0#\0!'), {kind: 'text', encoding: 'utf-16be', hiddenShebang: true}],
    ['LLVM bitcode', bytes('BC', 0xc0, 0xde, zeros(8)), {kind: 'unknown', magic: '4243c0de00000000'}],
    [
      'Plan 9 program for amd64',
      bytes(0, 0, 0x8a, 0x97, zeros(8)),
      {kind: 'unknown', name: 'Plan 9 program for amd64'},
    ],
    ['unknown file (begins 0001)', bytes(0, 1), {kind: 'unknown', magic: '0001'}],
    ['unknown file (begins 7f454c)', bytes('\x7fEL'), {kind: 'unknown', magic: '7f454c'}],
  ])('%s', async (what, content, expected) => {
    const identity = await identify(bytesAccess(content))
    expect(identity).toMatchObject(expected)
    expect(describe(identity)).toBe(what)
  })

  test.each<[content: Uint8Array, offset: number]>([
    [bytes('MZ'), 2],
    [bytes('MZ', zeros(0x3a), u32le(0x40), 'PE\0\0'), 0x3c],
    [bytes('MZ', zeros(0x3a), u32le(0xffffffff)), 0x3c],
    [bytes(0xcf, 0xfa, 0xed, 0xfe, u32le(7)), 8],
    [fat(3, [1, 0, 0, 7]), 28],
  ])('what is cut short is malformed where it ends: case %#', async (content, offset) => {
    expect(await identify(bytesAccess(content))).toMatchObject({malformed: {offset}})
  })

  test('a read that fails is passed on', async () => {
    const broken = {size: 10, read: () => Promise.reject(new Error('disk'))}
    await expect(identify(broken)).rejects.toThrow('disk')
  })
})
