import type {ImageConfig} from './config.ts'
import type {EngineRefusal} from './source.ts'

/**
 * Why Docker makes no container of a Linux image, starts nothing in one, or copies nothing out of it, by the config
 * alone. Every source has the config, so that each says the same.
 */
export function configRefusals(config: ImageConfig): readonly EngineRefusal[] {
  const refusals: EngineRefusal[] = []
  const refuse = (by: EngineRefusal['by'], problem: string): void => {
    refusals.push({by, problem})
  }
  const {workingDir, env, volumes} = config
  // runc: libcontainer/specconv, "Cwd must be an absolute path".
  if (workingDir !== '' && !workingDir.startsWith('/')) {
    refuse('both', `its working directory ${JSON.stringify(workingDir)} is not an absolute path`)
  }
  // runc: libcontainer/env.go.
  const nameless = env.find(line => line.startsWith('='))
  if (nameless !== undefined) refuse('both', `its environment has ${JSON.stringify(nameless)}, a variable without name`)
  for (const [field, values] of texts(config)) {
    const odd = values.find(value => value.includes('\0'))
    if (odd !== undefined) refuse('both', `its ${field} has a NUL byte: ${JSON.stringify(odd)}`)
  }
  // moby: daemon/containerfs_linux.go, "make destination relative".
  for (const volume of volumes.filter(path => !path.startsWith('/')).toSorted()) {
    refuse('docker-cp', `its volume ${JSON.stringify(volume)} is not an absolute path`)
  }
  return refusals
}

/** What the kernel takes as C strings. */
function texts(config: ImageConfig): readonly (readonly [string, readonly string[]])[] {
  const {entrypoint, cmd, env, workingDir, user, volumes} = config
  return [
    ['Entrypoint', entrypoint],
    ['Cmd', cmd],
    ['Env', env],
    ['WorkingDir', [workingDir]],
    ['User', [user]],
    ['Volumes', volumes],
  ]
}
