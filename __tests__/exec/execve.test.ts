import {describe, expect, test} from '@jest/globals'
import {program} from '../../scripts/kernel/elf.ts'
import {execve} from '../../src/exec/execve.ts'
import {executable, type MemoryEntry, memoryRootfs} from '../support/memory-rootfs.ts'

const ROOT = {uid: 0, gid: 0, groups: [], home: '/root'}
const AMD64 = {os: 'linux', architecture: 'amd64', variant: ''}
const ok = program({})
const interp = (path: string) => executable(program({interp: Buffer.from(path)}))
const script = (line: string) => executable(line)

const COMMON: Record<string, MemoryEntry> = {
  '/ok': executable(ok),
  '/plain': {content: ok, mode: 0o644},
  '/dir': {kind: 'directory'},
  '/text': executable('exit\n'),
  '/empty': executable(''),
  '/arm64': executable(program({machine: 183})),
  '/i386': executable(program({wide: false})),
  '/rel': executable(program({type: 1})),
}

/** What execve says of `/x`, with the file it is about. */
async function ask(x: MemoryEntry, more: Record<string, MemoryEntry> = {}): Promise<string> {
  const machine = {rootfs: memoryRootfs({...COMMON, ...more, '/x': x}), platform: AMD64}
  const process = {argv: ['x', 'y'], cwd: '/', env: new Map<string, string>(), user: ROOT}
  const {outcome, loads, argv} = await execve(machine, process, '/x')
  const bad = loads.find(load => load.obstacle)
  if (outcome === 'started') return `started ${argv.join(' ')}`
  return `${outcome} ${bad?.obstacle?.kind} ${bad?.path}`
}

describe('execve: programs', () => {
  test.each<[string, MemoryEntry, string]>([
    ['a program', executable(ok), 'started x y'],
    ['i386 on amd64', executable(program({wide: false})), 'started x y'],
    ['no execute permission', {content: ok, mode: 0o644}, 'EACCES not-executable /x'],
    ['one x bit is enough for root', executable(ok, 0o001), 'started x y'],
    ['a directory', {kind: 'directory'}, 'EACCES not-executable /x'],
    ['a FIFO', {kind: 'fifo', mode: 0o777}, 'EACCES not-executable /x'],
    ['a dangling link', {link: '/nowhere'}, 'ENOENT missing /x'],
    ['an empty file', executable(''), 'ENOEXEC refused /x'],
    ['text', executable('echo\n'), 'ENOEXEC refused /x'],
    ['aarch64', executable(program({machine: 183})), 'ENOEXEC refused /x'],
    ['an object file', executable(program({type: 1})), 'ENOEXEC refused /x'],
    ['a good loader', interp('/ok\0'), 'started x y'],
    ['a loader path ends at the first NUL', interp('/ok\0junk\0'), 'started x y'],
    ['a relative loader', interp('ok\0'), 'started x y'],
    ['a missing loader', interp('/nowhere\0'), 'ENOENT missing /nowhere'],
    ['a loader with a newline', interp('/ok\n\0'), 'ENOENT missing /ok\n'],
    ['a loader without execute permission', interp('/plain\0'), 'EACCES not-executable /plain'],
    ['a directory as loader', interp('/dir\0'), 'EACCES not-executable /dir'],
    ['an empty loader path', interp('\0\0'), 'EACCES refused /x'],
    ['a loader path without NUL', interp('/ok'), 'ENOEXEC refused /x'],
    ['an empty file as loader', interp('/empty\0'), 'EIO refused /empty'],
    ['a short text as loader', interp('/text\0'), 'EIO refused /text'],
    ['a script as loader', interp('/script\0'), 'ELIBBAD refused /script'],
    ['a foreign loader', interp('/arm64\0'), 'ELIBBAD refused /arm64'],
    ['a loader of the other class', interp('/i386\0'), 'ELIBBAD refused /i386'],
    ['an object file as loader', interp('/rel\0'), 'crashes crashes /rel'],
  ])('%s', async (_, x, expected) => {
    expect(await ask(x, {'/script': executable(`#!/ok ${'x'.repeat(80)}\n`)})).toBe(expected)
  })
})

describe('execve: scripts', () => {
  test.each<[string, string, string]>([
    ['plain', '#!/ok\n', 'started /ok /x y'],
    ['no newline', '#!/ok', 'started /ok /x y'],
    ['blanks', '#! \t/ok \t\n', 'started /ok /x y'],
    ['one argument, whatever is in it', '#!/ok -a  b \nrest', 'started /ok -a  b /x y'],
    ['NUL', '#!/ok\0junk\n', 'started /ok /x y'],
    ['a relative interpreter', '#!ok\n', 'started ok /x y'],
    ['a carriage return', '#!/ok\r\n', 'ENOENT bad-shebang /x'],
    ['a carriage return in the argument', '#!/ok -e\r\n', 'started /ok -e\r /x y'],
    ['a missing interpreter', '#!/nowhere\n', 'ENOENT missing /nowhere'],
    ['a foreign interpreter', '#!/arm64\n', 'ENOEXEC refused /arm64'],
    ['text as interpreter', '#!/text\n', 'ENOEXEC refused /text'],
    ['a directory as interpreter', '#!/dir\n', 'EACCES not-executable /dir'],
    ['no interpreter', '#!\n', 'ENOEXEC bad-shebang /x'],
    ['nothing at all', '#!', 'EACCES bad-shebang /x'],
    ['a byte order mark', '\ufeff#!/ok\n', 'ENOEXEC bad-shebang /x'],
    ['a blank before', ' #!/ok\n', 'ENOEXEC bad-shebang /x'],
    ['253 bytes of path', `#!/${'./'.repeat(125)}ok\n`, `started /${'./'.repeat(125)}ok /x y`],
    ['254 bytes of path', `#!//${'./'.repeat(125)}ok\n`, 'ENOEXEC bad-shebang /x'],
    ['an argument is cut at byte 255', `#!/ok ${'a'.repeat(400)}\n`, `started /ok ${'a'.repeat(249)} /x y`],
  ])('%s', async (_, line, expected) => {
    expect(await ask(script(line))).toBe(expected)
  })

  test.each([
    [5, 'started'],
    [6, 'ELOOP'],
  ])('%d scripts one after the other', async (count, expected) => {
    const chain = Object.fromEntries(
      Array.from({length: count - 1}, (_, n) => [`/s${n}`, script(`#!${n === count - 2 ? '/ok' : `/s${n + 1}`}\n`)]),
    )
    expect((await ask(script('#!/s0\n'), chain)).split(' ')[0]).toBe(expected)
  })

  test('the sixth script is asked for its interpreter before it is one too many', async () => {
    const chain = Object.fromEntries(
      Array.from({length: 5}, (_, n) => [`/s${n}`, script(`#!${n === 4 ? '/nowhere' : `/s${n + 1}`}\n`)]),
    )
    expect(await ask(script('#!/s0\n'), chain)).toBe('ENOENT missing /nowhere')
  })

  test('a script that its user may not read is started, and cannot be opened', async () => {
    const machine = {rootfs: memoryRootfs({...COMMON, '/x': executable('#!/ok\n', 0o111)}), platform: AMD64}
    const process = {argv: ['x'], cwd: '/', env: new Map<string, string>(), user: {...ROOT, uid: 1}}
    const {outcome, loads} = await execve(machine, process, '/x')
    expect([outcome, loads[0]?.obstacle?.kind]).toEqual(['started', 'not-readable'])
  })
})
