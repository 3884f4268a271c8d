import type {FileNode} from '../../../image/rootfs.ts'
import {resolveUser} from '../../credentials.ts'
import {absolutePath, type Call, inOrder, type Outcome} from '../call.ts'
import {doubtful} from '../files.ts'
import type {Value} from '../value.ts'
import {type Place, viewWorld} from '../view.ts'
import {withChange} from '../world.ts'

const FLAGS =
  /^-[cfvRHLP]+$|^--(changes|silent|quiet|verbose|recursive|no-preserve-root|preserve-root|dereference|no-dereference)$/

/** `chmod MODE FILE…`, coreutils src/chmod.c and gnulib modechange.c; only a file's owner and root may. */
export async function chmod(call: Call): Promise<Outcome> {
  const {words} = call
  const operands = words.filter(word => typeof word !== 'string' || !FLAGS.test(word)).filter(word => word !== '--')
  const isRecursive = words.some(
    word => typeof word === 'string' && (/^-[cfvRHLP]*R/.test(word) || word === '--recursive'),
  )
  const [mode, ...files] = operands
  if (mode === undefined || (typeof mode === 'string' && mode.startsWith('--'))) return doubtful(call, undefined)
  return eachFile(call, files, async (inner, place) => {
    const {node} = place
    const {world} = inner.view
    if (!node) return place.maybe ? doubtful(inner, undefined) : {world, status: 'failure'}
    if (inner.user.uid !== 0 && inner.user.uid !== node.uid) return {world, status: 'failure'}
    if (isRecursive && node.kind === 'directory') return doubtful(inner, place.at)
    const bits = typeof mode === 'string' ? changeMode(node.mode, mode, node.kind === 'directory') : undefined
    if (bits === undefined) return doubtful(inner, place.at)
    return changeNode(inner, place, {mode: bits})
  })
}

/** `chown USER[:GROUP] FILE…`, `chgrp GROUP FILE…`; only root may. */
export async function chown(call: Call): Promise<Outcome> {
  const operands = call.words.filter(
    word => typeof word !== 'string' || !(FLAGS.test(word) || /^--(from|reference)=/.test(word)),
  )
  const [owner, ...files] = operands
  if (owner === undefined) return doubtful(call, undefined)
  const isRecursive = call.words.some(word => typeof word === 'string' && /^-[cfvRHLP]*R|^--recursive$/.test(word))
  if (call.user.uid !== 0) return {world: call.view.world, status: 'unknown'}
  return eachFile(call, files, async (inner, place) => {
    const {world} = inner.view
    const {node} = place
    if (!node) return {world, status: place.maybe ? 'unknown' : 'failure'}
    const changed = isRecursive && node.kind === 'directory' ? undefined : await ownerOf(inner, owner)
    return changed ? changeNode(inner, place, changed) : doubtful(inner, place.at)
  })
}

/** `USER`, `USER:GROUP`, `:GROUP`, and of chgrp `GROUP`; undefined where the run alone knows whom it means. */
async function ownerOf({name, view}: Call, owner: Value): Promise<Partial<Pick<FileNode, 'uid' | 'gid'>> | undefined> {
  if (typeof owner !== 'string') return undefined
  const [user = '', group = ''] = name === 'chgrp' ? ['', owner] : owner.split(/[:.]/)
  const found = await resolveUser(view, group === '' ? user : `${user}:${group}`)
  if (!found.ok) return undefined
  const {uid, gid} = found.value
  return {...(user === '' ? {} : {uid}), ...(group === '' ? {} : {gid})}
}

function eachFile(
  call: Call,
  files: readonly Value[],
  run: (inner: Call, place: Place) => Promise<Outcome>,
): Promise<Outcome> {
  return inOrder(
    call,
    files,
    async (file, inner) => {
      const path = absolutePath(inner, file)
      return path === undefined ? doubtful(inner, undefined) : run(inner, await inner.view.place(path))
    },
    world => viewWorld(call.view.image, world),
  )
}

/** The same thing with other permissions. */
function changeNode(
  {view, by}: Call,
  {at, node, content}: Place,
  changed: Partial<Pick<FileNode, 'mode' | 'uid' | 'gid'>>,
): Outcome {
  if (!node) throw new Error(`${at} is not there`)
  const own =
    content ?? (node.kind === 'file' ? {kind: 'file' as const, of: node} : {kind: 'tree' as const, of: node.path})
  return {
    world: withChange(view.world, at, {kind: 'there', node: {...node, ...changed}, content: own, by}),
    status: 'success',
  }
}

/** A mode in digits or in clauses (`u+x,go-w`), with the usual umask; undefined for one that is not understood. */
export function changeMode(before: number, text: string, isDirectory: boolean): number | undefined {
  if (/^[0-7]{1,4}$/.test(text)) return Number.parseInt(text, 8)
  let mode = before
  for (const clause of text.split(',')) {
    const [, who = '', actions = ''] = /^([ugoa]*)((?:[-+=][rwxXst]*)+)$/.exec(clause) ?? []
    if (actions === '') return undefined
    for (const [, operator = '', letters = ''] of actions.matchAll(/([-+=])([rwxXst]*)/g)) {
      const bits = permissionBits(letters, isDirectory || (mode & 0o111) !== 0)
      const mask = classMask(who)
      const value = who === '' ? bits & mask & ~0o022 : bits & mask
      if (operator === '+') mode |= value
      else if (operator === '-') mode &= ~value
      else mode = (mode & ~mask) | value
    }
  }
  return mode
}

function permissionBits(letters: string, executes: boolean): number {
  let bits = 0
  if (letters.includes('r')) bits |= 0o444
  if (letters.includes('w')) bits |= 0o222
  if (letters.includes('x') || (letters.includes('X') && executes)) bits |= 0o111
  if (letters.includes('s')) bits |= 0o6000
  if (letters.includes('t')) bits |= 0o1000
  return bits
}

function classMask(who: string): number {
  if (who === '' || who.includes('a')) return 0o7777
  let mask = 0
  if (who.includes('u')) mask |= 0o4700
  if (who.includes('g')) mask |= 0o2070
  if (who.includes('o')) mask |= 0o1007
  return mask
}
