import {after, type Call, type Outcome} from '../call.ts'
import {doubtfulAnywhere, doubtfulAt} from '../files.ts'
/** `ldconfig`: the loader's cache, and links to libraries beside them. */
export async function ldconfig(call: Call): Promise<Outcome> {
  const {world} = doubtfulAnywhere(call)
  return doubtfulAt(after(call, world), '/etc/ld.so.cache')
}

/** `update-alternatives`: its links lead elsewhere. */
export async function alternatives(call: Call): Promise<Outcome> {
  let {world} = doubtfulAt(after(call, doubtfulAnywhere(call).world), '/etc/alternatives')
  for (const word of call.words) {
    if (typeof word === 'string' && word.startsWith('/')) ({world} = doubtfulAt(after(call, world), word))
  }
  return {world, status: 'unknown'}
}
