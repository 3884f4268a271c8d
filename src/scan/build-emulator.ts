import type {Candidate, RunEnvironment} from './candidate.ts'
import {namesMachine} from './spellings.ts'

/**
 * QEMU's user-mode emulators as Debian, multiarch/qemu-user-static and BuildKit call them (`qemu-arm-static`,
 * `qemu-aarch64`, `buildkit-qemu-arm`), and the
 * entries for binfmt_misc that keep argv[0] (`qemu-arm-binfmt-P`, `arm-binfmt-P`).
 * https://salsa.debian.org/qemu-team/qemu/-/blob/master/debian/binfmt-install
 */
const EMULATOR = /^(?:buildkit-)?qemu-([a-z0-9_]+?)(?:-static)?(?:-binfmt(?:-[A-Z]+)?)?$|^([a-z0-9_]+)-binfmt-[A-Z]+$/

/**
 * The helpers with which a Dockerfile for balena starts that emulator.
 * https://docs.balena.io/reference/base-images/base-images/
 */
const HELPER = /^(?:resin-xbuild|cross-build-(?:start|end)|qemu-execve)$/

/**
 * Whether a foreign file is what a build machine without binfmt_misc copies into an image to run its programs there:
 * an emulator of the platform's own
 * machine. On that machine nothing needs it. An emulator of another machine is what the image is for, and is judged
 * like any program.
 */
export function isBuildEmulator({names}: Candidate, {machine}: Pick<RunEnvironment, 'machine'>): boolean {
  return names.every(name => {
    const [, emulated, entry] = EMULATOR.exec(name) ?? []
    const target = emulated ?? entry
    return HELPER.test(name) || (target !== undefined && namesMachine(target, machine))
  })
}
