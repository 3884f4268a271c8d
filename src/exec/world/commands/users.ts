import {after, type Call, type Outcome} from '../call.ts'
import {doubtfulAnywhere, doubtfulAt} from '../files.ts'

/** What has users and groups, and what a user gets. */
const DATABASES = ['/etc/passwd', '/etc/group', '/etc/shadow', '/etc/gshadow']

/** `useradd` and the like: who is in /etc/passwd and /etc/group is not known any more, nor what is in the homes. */
export async function users(call: Call): Promise<Outcome> {
  let {world} = doubtfulAnywhere(call)
  for (const path of DATABASES) {
    const inner = after(call, world)
    ;({world} = doubtfulAt(inner, (await inner.view.place(path)).at))
  }
  return {world, status: 'unknown'}
}

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
