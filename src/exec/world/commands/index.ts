import {type Call, ends, type Outcome} from '../call.ts'
import {doubtfulAnywhere} from '../files.ts'
import {ANSWERING, ANSWERING_PACKAGES, answer, answerOrInstall} from './answers.ts'
import {alternatives, ldconfig} from './caches.ts'
import {copy, install} from './copy.ts'
import {awk, dd, find, overwrite, sed, unpack, xargs} from './edit.ts'
import {ENDINGS} from './endings.ts'
import {evaluateExpression} from './expression.ts'
import {curl, git, tar, unzip, wget} from './fetch.ts'
import {filter} from './filter.ts'
import {list} from './list.ts'
import {mkdir, remove, removeDirectory, touch} from './make.ts'
import {mktemp} from './mktemp.ts'
import {chmod, chown} from './modes.ts'
import {link, move} from './move.ts'
import {checkpath, colors, ERRORS, ending, lsbSettings, MESSAGES, QUESTIONS, shellVar} from './openrc.ts'
import {cat, echo, printf, tee} from './print.ts'
import {users} from './users.ts'

/** Commands whose effect on the files of a container is known, with what docs/execve.md says of it. */
export interface CommandEffect {
  readonly names: readonly string[]
  readonly effect: string
  readonly run: (call: Call) => Promise<Outcome>
}

const names = (text: string): readonly string[] => text.split(' ')

/** By these names, whichever package they are of; options as coreutils 9.1 and busybox 1.35 take them. */
export const COMMAND_EFFECTS: readonly CommandEffect[] = [
  {
    names: ['cp'],
    effect:
      'each copy is followed to the file that it is a copy of, `-r` of a directory with all below it; one over a ' +
      'directory that is there leaves what it does not hold',
    run: copy,
  },
  {names: ['mv'], effect: 'the same, and the old name is gone', run: move},
  {names: ['install'], effect: 'the same, with mode and owner; `-d` and `-D` make directories', run: install},
  {names: ['ln'], effect: 'a symlink, or another name of the file', run: link},
  {names: ['mkdir'], effect: 'directories', run: mkdir},
  {names: ['rm', 'unlink'], effect: 'what is named is gone', run: remove},
  {names: ['rmdir'], effect: 'a directory is gone that is known to be empty; another may be', run: removeDirectory},
  {names: ['touch'], effect: 'an empty file where there is none', run: touch},
  {names: ['mktemp'], effect: 'a new file or directory, called as the template is', run: mktemp},
  {names: ['chmod'], effect: 'the mode, with `-R` of all below a directory', run: chmod},
  {names: ['chown', 'chgrp'], effect: 'the owner, by root and where the user is known', run: chown},
  {
    names: ['echo', 'printf'],
    effect: 'none; prints its words',
    run: call => (call.name === 'echo' ? echo : printf)(call),
  },
  {names: ['cat'], effect: 'none; prints its input and the files that are known', run: cat},
  {names: ['tee'], effect: 'files with what it reads', run: tee},
  {names: ANSWERING, effect: 'none; answers as the platform does, or by its words and the files', run: answer},
  {
    names: ANSWERING_PACKAGES,
    effect: 'asked for the architecture it answers as the platform does; else anything may be made anywhere',
    run: answerOrInstall,
  },
  {
    names: names(
      'apt-get apt aptitude yum dnf microdnf tdnf zypper pacman opkg apt-key add-apt-repository conda mamba pip pip3 ' +
        'pipx uv poetry npm npx yarn pnpm bun gem bundle cargo go composer mvn gradle make cmake',
    ),
    effect: 'anything may be made anywhere',
    run: async call => doubtfulAnywhere(call),
  },
  {names: ['tar', 'bsdtar'], effect: '`-x`: anything below the directory may be another thing', run: tar},
  {names: names('unzip 7z 7za 7zr'), effect: 'the same', run: unzip},
  {names: ['git'], effect: '`clone`, `pull`, `checkout`: the same', run: git},
  {names: ['curl'], effect: '`-o`, `-O`: the file may be another', run: curl},
  {names: ['wget'], effect: '`-O`: the same; else a file may be made in the directory', run: wget},
  {
    names: ['sed'],
    effect:
      'prints what substitutions make of what is known, and with `-i` writes it; else files that are named with `-i` may ' +
      'be others',
    run: sed,
  },
  {
    names: names('gunzip gzip bunzip2 bzip2 unxz xz unzstd zstd uncompress cpio patch ed ex'),
    effect: 'the same, and others may be made',
    run: unpack,
  },
  {
    names: names('truncate shred split csplit sort uniq'),
    effect: 'the files that they write may be others',
    run: overwrite,
  },
  {names: ['dd'], effect: 'the file of `of=` may be another', run: dd},
  {names: names('awk gawk mawk nawk'), effect: 'none, unless its text writes files or starts programs', run: awk},
  {names: names('cut tr head tail'), effect: 'none; print what they make of what is known', run: filter},
  {names: ['ls'], effect: 'none; answers where a symlink leads (`ls -l`)', run: list},
  {names: ['expr'], effect: 'none; answers by its words: calculates, compares, matches', run: evaluateExpression},
  {names: ['find'], effect: 'with an action anything below its directories may be another thing', run: find},
  {names: ['xargs'], effect: 'as its command has, on any file', run: xargs},
  {
    names: names('useradd adduser usermod groupadd addgroup groupmod'),
    effect: 'the user or group is there, with the ids that are given; without them its ids are in doubt',
    run: users,
  },
  {
    names: names('userdel deluser groupdel delgroup newusers chpasswd passwd'),
    effect: 'any user and group may be there, or gone',
    run: users,
  },
  {names: ['ldconfig'], effect: "the loader's cache may be another, and links may be made", run: ldconfig},
  {names: ['update-alternatives'], effect: 'its links may lead elsewhere', run: alternatives},
  {names: ENDINGS, effect: "none; end with the given status (OpenRC's)", run: ending},
  {names: MESSAGES, effect: "none (OpenRC's)", run: async call => ends(call, 'success')},
  {names: ERRORS, effect: "none; fail (OpenRC's)", run: async call => ends(call, 'failure')},
  {names: QUESTIONS, effect: "none (OpenRC's)", run: async call => ends(call, 'unknown')},
  {names: ['eval_ecolors'], effect: "none; prints the colours of messages (OpenRC's)", run: colors},
  {names: ['shell_var'], effect: "none; prints its words as names (OpenRC's)", run: shellVar},
  {names: ['lsb2rcconf'], effect: "none; prints nothing of a script that is OpenRC's own", run: lsbSettings},
  {names: ['checkpath'], effect: 'a directory or a file where there is none, with mode and owner', run: checkpath},
  {
    names: names(
      'sleep date hostname hostid grep egrep fgrep zgrep test [ wc stat seq ps pgrep printenv ' +
        'getent which whereis tty stty df du free uptime locale md5sum sha1sum sha224sum sha256sum sha384sum sha512sum ' +
        'b2sum cksum sum cmp diff comm join paste rev fold fmt pr tac nl od xxd hexdump strings file jq nc ncat netcat ' +
        'ping dig nslookup host sync sysctl ip iptables ip6tables ss netstat pg_isready mysqladmin redis-cli envsubst ' +
        'base32 base64 basenc clear tput logger groups users who w last runlevel lsof fuser lscpu lsblk factor yes ' +
        'numfmt expand unexpand column tsort pathchk mountpoint setcap getcap getfacl true false kill killall pkill',
    ),
    effect: 'none',
    run: async call => ends(call, ENDS[call.name] ?? 'unknown'),
  },
]

const ENDS: Readonly<Record<string, 'success' | 'failure'>> = {true: 'success', false: 'failure'}

const BY_NAME = new Map(COMMAND_EFFECTS.flatMap(effect => effect.names.map(name => [name, effect] as const)))

/** Undefined where nothing is known of a command of this name. */
export function findEffect(name: string): CommandEffect | undefined {
  return BY_NAME.get(name)
}

/** What any other program may do: it may make files anywhere. */
export function unknownEffect(call: Pick<Call, 'view' | 'by'> & {isLast?: boolean}): Outcome {
  return doubtfulAnywhere(call)
}
