import type {Environment} from '../../command.ts'

/** What variables change in how s6-overlay starts a container: its README, "Customizing s6-overlay's behaviour". */
export interface OverlaySettings {
  /** The directory that files of the user are in: /etc, or a profile of it. */
  readonly etc: string
  /** The environment is not reset: `with-contenv` changes nothing. */
  readonly keepsEnv: boolean
  /** 0: goes on where a script fails, 1: says so, 2: stops the container. */
  readonly ifFails: number
  /** Words in front of the container's command, split by a shell. */
  readonly commandPrefix: readonly string[]
  readonly hook: readonly string[]
  readonly bundleDirectory: string | undefined
}

export function readOverlaySettings(env: Environment): OverlaySettings {
  const profile = env.get('S6_RUNTIME_PROFILE') ?? ''
  return {
    etc: profile === '' ? '/etc' : `/etc/cont-profile.d/${profile}`,
    keepsEnv: numberOf(env, 'S6_KEEP_ENV') !== 0,
    ifFails: numberOf(env, 'S6_BEHAVIOUR_IF_STAGE2_FAILS'),
    commandPrefix: wordsOf(env.get('S6_CMD_ARG0')),
    hook: wordsOf(env.get('S6_STAGE2_HOOK')),
    bundleDirectory: env.get('S6_RUNTIME_BUNDLEDIR') || undefined,
  }
}

function numberOf(env: Environment, name: string): number {
  const text = env.get(name) ?? ''
  return /^\d+$/.test(text) ? Number(text) : 0
}

function wordsOf(text = ''): readonly string[] {
  return text.split(/[ \t\n]+/).filter(word => word !== '')
}
