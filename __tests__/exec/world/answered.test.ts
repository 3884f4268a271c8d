import {expect, test} from '@jest/globals'
import type {Call} from '../../../src/exec/world/call.ts'
import {answer, answerOrInstall} from '../../../src/exec/world/commands/answers.ts'
import {viewWorld} from '../../../src/exec/world/view.ts'
import {EMPTY_WORLD, type World, withDoubt} from '../../../src/exec/world/world.ts'
import {parsePlatform} from '../../../src/platform/index.ts'
import {memoryRootfs} from '../../support/memory-rootfs.ts'

/*
 * What coreutils 9.1, dpkg 1.21, rpm 4.18 and apk 2.14 print, and how they end. What only the run knows is `…` where
 * they end well for certain, and `?` where that is not known either.
 */

const rootfs = memoryRootfs({
  '/etc/passwd': 'root:x:0:0::/root:/bin/sh\napp:x:1000:50::/home/app:/bin/sh\n',
  '/etc/group': 'root:x:0:\nstaff:x:50:\n',
  '/srv/file': 'x',
  '/srv/link': {link: 'file'},
  '/srv/far': {link: '/srv/d'},
  '/srv/d': {kind: 'directory'},
  '/srv/none-': {link: 'none'},
})
const ROOT = {uid: 0, gid: 0, groups: [], home: '/root'}

interface Given extends Partial<Omit<Call, 'platform' | 'view'>> {
  readonly platform?: string
  readonly world?: World
}

async function ask(command: readonly string[], {platform = 'linux/amd64', world = EMPTY_WORLD, ...more}: Given = {}) {
  const [name = '', ...words] = command
  const parsed = parsePlatform(platform)
  if (!parsed.ok) throw new Error(parsed.problem)
  const run = ['dpkg', 'apk', 'rpm'].includes(name) ? answerOrInstall : answer
  const {output, status} = await run({
    ...{name, words, view: viewWorld(rootfs, world), cwd: '/srv', user: ROOT, umask: 0o22, platform: parsed.value},
    ...{env: new Map(), by: {kind: 'command', name}},
    ...more,
  })
  if (typeof output === 'string') return status === 'success' ? output : status
  if (output !== undefined && 'oneOf' in output) return `one of ${output.oneOf?.join('').replaceAll('\n', ' ').trim()}`
  return status === 'success' ? '…' : status === 'failure' ? 'failure' : '?'
}

const words = (text: string) => text.split(' ').map(word => (word === "''" ? '' : word))

test.each<readonly [command: string, expected: string, given?: Given]>([
  ['uname', 'Linux'],
  ['uname -s', 'Linux'],
  ['uname --kernel-name', 'Linux'],
  ['uname --machine', 'x86_64'],
  ['uname -ms', 'Linux x86_64'],
  ['uname -m -s', 'Linux x86_64'],
  ['uname -m', '…', {platform: 'windows/amd64'}],
  ['uname -o', 'one of GNU/Linux Linux'],
  ['uname --operating-system', 'one of GNU/Linux Linux'],
  ['uname -a', '…'],
  ['uname --all', '…'],
  ['uname -r', '…'],
  ['uname -sr', '…'],
  ['uname -n', '…'],
  ['uname --nosuch', '?'],
  ['uname -z', '?'],
  ['uname -mz', '?'],
  ['uname x', '?'],
  ['uname x-m', '?'],
  ['uname -m1', '?'],
  ['arch', 'x86_64'],
  ['arch -x', '?'],
  ['arch', 'aarch64', {platform: 'linux/arm64'}],
  ['nproc', '…'],
  ['nproc --all', '…'],
  ['nproc --ignore=12', '…'],
  ['nproc --ignore=x', '?'],
  ['nproc --ignore=1x', '?'],
  ['nproc x--ignore=1', '?'],
  ['getconf LONG_BIT', '64'],
  ['getconf PAGE_SIZE', '?'],
  ['getconf LONG_BIT x', '?'],
  ['getconf LONG_BIT', '?', {platform: 'windows/amd64'}],
  ['dirname', 'failure'],
  ['dirname /a/b', '/a'],
  ['dirname /a/b/', '/a'],
  ['dirname /a//b//', '/a'],
  ['dirname /a', '/'],
  ['dirname a', '.'],
  ["dirname ''", '.'],
  ['dirname a/', '.'],
  ['dirname /', '/'],
  ['dirname //', '/'],
  ['dirname a/b', 'a'],
  ['dirname a-', '.'],
  ['dirname -z a', '?'],
  ['dirname -z', '?'],
  ['dirname a b', '?'],
  ['basename', 'failure'],
  ['basename /a/b', 'b'],
  ['basename /a/b//', 'b'],
  ['basename /', '/'],
  ['basename //', '/'],
  ['basename b.sh .sh', 'b'],
  ['basename b.sh .s', 'b.sh'],
  ['basename .sh .sh', '.sh'],
  ["basename a.sh ''", 'a.sh'],
  ["basename ''", '?'],
  ['basename a- x', 'a-'],
  ['basename -a x', '?'],
  ['basename -a', '?'],
  ['basename a b c', '?'],
  ['whoami', 'root'],
  ['whoami x', '?'],
  ['whoami', 'app', {user: {...ROOT, uid: 1000}}],
  ['whoami', '?', {user: {...ROOT, uid: 7}}],
  ['readlink link', 'file'],
  ['readlink /srv/far', '/srv/d'],
  ['readlink none-', 'none'],
  ['readlink file', 'failure'],
  ['readlink none', 'failure'],
  ['readlink -- link', 'file'],
  ["readlink ''", '?'],
  ['readlink -n', '?'],
  ['readlink -n link', '?'],
  ['readlink link far', '?'],
  ['readlink -f link', '/srv/file'],
  ['readlink -e link', '/srv/file'],
  ['readlink -m far', '/srv/d'],
  ['readlink --canonicalize link', '/srv/file'],
  ['readlink --canonicalize-existing link', '/srv/file'],
  ['readlink --canonicalize-missing link', '/srv/file'],
  ['readlink --canonicalize-x link', '?'],
  ['readlink -fn link', '?'],
  ['readlink -f link far', '?'],
  ['readlink -f', '?'],
  ["readlink -f ''", 'failure'],
  ['readlink -f far/', '/srv/d'],
  ['readlink -f link/', '?'],
  ['readlink -f none', '?'],
  ['realpath link', '/srv/file'],
  ['realpath far/../link', '/srv/file'],
  ["realpath ''", 'failure'],
  ['realpath', '?'],
  ['realpath -s link', '?'],
  ['realpath -s', '?'],
  ['realpath none-', '?'],
  ['realpath link far', '?'],
  ['realpath link', '?', {cwd: undefined}],
  ['readlink link', '?', {cwd: undefined}],
  ['readlink /srv/link', 'file', {cwd: undefined}],
  ['id', '…'],
  ['id -u', '0'],
  ...['-u', '-ur', '-ru'].map(option => [`id ${option}`, '1000', {user: {...ROOT, uid: 1000, gid: 50}}] as const),
  ...['-g', '-gr', '-rg'].map(option => [`id ${option}`, '50', {user: {...ROOT, uid: 1000, gid: 50}}] as const),
  ['id -un', 'root'],
  ['id -nu', 'root'],
  ['id -G', '?'],
  ['id -x', '?'],
  ['id -u app', '1000'],
  ['id -g app', '50'],
  ['id -un app', '…'],
  ['id app', '…'],
  ['id nosuch', 'failure'],
  ['id -u nosuch', 'failure'],
  ['id -u app root', '?'],
  ['id 1000', '?'],
  ['id +1000', '?'],
  ['id -u a1', 'failure'],
  ['dpkg --print-architecture', 'amd64'],
  ['dpkg --print-architecture x', '?'],
  ['dpkg --nosuch', '?'],
  ['dpkg', '?'],
  ['dpkg --print-architecture', '…', {platform: 'windows/amd64'}],
  ['apk --print-arch', 'x86_64'],
  ['apk --print-arch x', '?'],
  ['apk add', '?'],
  ['apk --print-arch', '…', {platform: 'windows/amd64'}],
  ['rpm --eval %_arch', 'x86_64'],
  ['rpm -E %_arch', 'x86_64'],
  ['rpm -E %{_arch}', 'aarch64', {platform: 'linux/arm64'}],
  ['rpm --eval %{_arch}', 'x86_64'],
  ['rpm --eval %_libdir', '?'],
  ['rpm --eval', '?'],
  ['rpm -q %_arch', '?'],
  ['rpm -E %_arch x', '?'],
  ['rpm -E %_arch', '…', {platform: 'windows/amd64'}],
])('%s: %s %#', async (command, expected, given = {}) => {
  expect((await ask(words(command), given)).replace(/\n$/, '')).toBe(expected)
})

test('it ends with a newline', async () => {
  expect(await ask(['uname'])).toBe('Linux\n')
  expect(await ask(['apk', '--print-arch'])).toBe('x86_64\n')
})

/** Once something may have changed what they ask. */
test.each([
  ['id -u app', '/etc/passwd', '?'],
  ['id nosuch', '/etc/passwd', '?'],
  ['whoami', '/etc/passwd', '?'],
  ['id -un', '/etc/passwd', '?'],
  ['id -u', '/etc/passwd', '0'],
  ['readlink link', '/srv/link', '?'],
  ['readlink -f link', '/srv/link', '?'],
  ['realpath file', '/srv/file', '?'],
  ['realpath d', '/srv/file', '/srv/d'],
])('%s behind what may change %s: %s', async (command, below, expected) => {
  const world = withDoubt(EMPTY_WORLD, {below, grade: 'replaced', by: {kind: 'command', name: 'x'}})
  expect((await ask(words(command), {world})).trim()).toBe(expected)
})

test('whom only the run knows', async () => {
  const maybe = {grade: 'replaced', by: {kind: 'command', name: 'x'}} as const
  for (const option of ['-u', '-g']) expect(await ask(['id', option], {user: {...ROOT, maybe}})).toBe('…')
})
