import type {Caller, Handover} from './handover.ts'
import {refuse} from './handover.ts'

/** What sudoers(5) has to say for an option, for root as well: plugins/sudoers/sudoers.c, check.c. */
const SETTINGS = [
  // check_user_runcwd(): `CWD=` or `runcwd`.
  {option: 'D', names: ['D', 'chdir'], setting: /\bCWD\s*=|\brun_?cwd\b/i},
  {option: 'C', names: ['C', 'close-from'], setting: /\bclosefrom_override\b/},
  {option: 'T', names: ['T', 'command-timeout'], setting: /\buser_command_timeouts\b/},
]

/** Why sudo does not permit an option, if it does not. */
export async function forbidOptions(
  caller: Caller,
  options: readonly (readonly [string, string | undefined])[],
): Promise<readonly Handover[] | undefined> {
  const text = await caller.readText('/etc/sudoers')
  for (const {option, names, setting} of SETTINGS) {
    const [, value] = options.find(([name]) => names.includes(name)) ?? []
    if (value === undefined || (text !== undefined && setting.test(text))) continue
    if (text === undefined || /^\s*[@#]include/m.test(text)) {
      return [{kind: 'unknown', reason: `whether ${caller.name} permits -${option} is in files of /etc/sudoers`}]
    }
    // 1.9.13 permits the directory that it is in, 1.9.17 does not.
    if (option === 'D' && value.replace(/\/+$/, '') === caller.process.cwd.replace(/\/+$/, '')) {
      return [
        {kind: 'unknown', reason: `whether ${caller.name} permits -D with its own directory depends on its version`},
      ]
    }
    return refuse(caller, `/etc/sudoers does not permit its option -${option}`)
  }
  return undefined
}

/** The PATH that sudoers(5) sets: Debian's default file has one. */
export async function readSecurePath(caller: Caller): Promise<string | undefined> {
  const text = await caller.readText('/etc/sudoers')
  return /^[ \t]*Defaults[^#\n]*?\bsecure_path\s*=\s*"?([^"\n]+?)"?[ \t]*$/m.exec(text ?? '')?.[1]
}

/** Whether /etc/group has it: `#` stands before a number, a number alone is a name. Undefined where nobody knows. */
export async function hasGroup(caller: Caller, group: string): Promise<boolean | undefined> {
  const text = await caller.readText('/etc/group')
  const number = group.startsWith('#') ? String(Number(group.slice(1))) : undefined
  return text?.split('\n').some(line => {
    const fields = line.split(':')
    return number === undefined ? fields[0] === group : fields[2] === number
  })
}
