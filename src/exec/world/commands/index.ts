import type {Call, Outcome} from '../call.ts'
import {doubtAt} from '../files.ts'
import {ANSWERING, answer} from './answers.ts'
import {copy, install, link, move} from './copy.ts'
import {curl, edit, tar, unzip, users, wget} from './fetch.ts'
import {mkdir, remove, removeDirectory, tee, touch} from './make.ts'
import {chmod, chown} from './modes.ts'
import {cat, echo, printf, silent} from './print.ts'

/** Commands whose effect on the files of a container is known, with what docs/execve.md says of it. */
export interface CommandEffect {
  readonly names: readonly string[]
  readonly effect: string
  readonly run: (call: Call) => Promise<Outcome>
}

const names = (text: string): readonly string[] => text.split(' ')

export const COMMAND_EFFECTS: readonly CommandEffect[] = [
  {
    names: ['cp'],
    effect: 'each copy is followed to the file that it is a copy of; `-r` of a directory likewise',
    run: copy,
  },
  {names: ['mv'], effect: 'the same, and the old name is gone', run: move},
  {names: ['install'], effect: 'the same with the mode of `-m`; `-d` makes directories', run: install},
  {names: ['ln'], effect: 'a symlink, or a copy for a hard link', run: link},
  {names: ['mkdir'], effect: 'directories', run: mkdir},
  {names: ['rm', 'unlink'], effect: 'what is named is gone', run: remove},
  {names: ['rmdir'], effect: 'the directory may be gone', run: removeDirectory},
  {names: ['touch'], effect: 'an empty file where there is none', run: touch},
  {names: ['tee'], effect: 'files of unknown content', run: tee},
  {names: ['chmod'], effect: 'the mode; with `-R` any mode below the directory', run: chmod},
  {names: ['chown', 'chgrp'], effect: 'the owner; with `-R` anything below the directory', run: chown},
  {names: ['echo'], effect: 'none; what it prints is known', run: echo},
  {names: ['printf'], effect: 'none; what it prints is known', run: printf},
  {names: ['cat'], effect: 'none; prints the files that are known', run: cat},
  {names: ANSWERING, effect: 'none; answers as the platform does, or by its words', run: answer},
  {names: ['tar', 'bsdtar'], effect: '`-x`: anything may be below the directory', run: tar},
  {names: names('unzip 7z 7za'), effect: 'anything may be below the directory', run: unzip},
  {names: ['curl'], effect: '`-o`: the file may be there, its content is unknown', run: curl},
  {names: ['wget'], effect: '`-O`: the same', run: wget},
  {
    names: names('sed gunzip gzip bunzip2 unxz xz patch'),
    effect: 'the files that are named may have changed',
    run: edit,
  },
  {
    names: names('useradd adduser userdel deluser usermod groupadd addgroup groupdel delgroup groupmod newusers'),
    effect: 'any user and group may be there',
    run: users,
  },
  {
    names: names(
      'sleep date hostname nproc getconf grep egrep fgrep test [ expr cut sort uniq tr wc head tail find stat ' +
        'ls seq ps kill pgrep printenv getent which tty stty df du free uptime locale md5sum sha1sum sha256sum sha512sum ' +
        'cmp diff comm paste rev fold tac nl od hexdump strings file jq yq nc ping dig nslookup host awk gawk mawk sync ulimit ' +
        'mount umount modprobe sysctl ip iptables ip6tables pg_isready mysqladmin redis-cli wait-for-it.sh dockerize envsubst ' +
        'base64 basenc md5 cksum sum yes clear tput openssl logger groups users who w last runlevel lsof fuser lscpu lsblk',
    ),
    effect: 'none',
    run: async call => silent(call),
  },
]

const BY_NAME = new Map(COMMAND_EFFECTS.flatMap(effect => effect.names.map(name => [name, effect] as const)))

/** Undefined where nothing is known of a command of this name. */
export function findEffect(name: string): CommandEffect | undefined {
  return BY_NAME.get(name)
}

/** What any other program may do: it may make files anywhere. */
export function unknownEffect({view, by}: Pick<Call, 'view' | 'by'>): Outcome {
  return {world: doubtAt(view.world, undefined, by), status: 'unknown'}
}
