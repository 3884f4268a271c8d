import {isBelow} from '../../../lib/paths.ts'
import {resolveUser} from '../../credentials.ts'
import {type Attributes, changeMode, withAttributes} from '../attributes.ts'
import {absolutePath, type Call, ends, inOrder, type Outcome} from '../call.ts'
import {doubtfulAt, doubtfulCall, doubtfulWord} from '../files.ts'
import type {Value} from '../value.ts'
import type {Place} from '../view.ts'
import {type World, withFileChange, withKnownMode, withRecursion} from '../world.ts'

const FLAGS =
  /^-[cfvRHLPh]+$|^--(changes|silent|quiet|verbose|recursive|no-preserve-root|preserve-root|dereference|no-dereference)$/

/** `chmod MODE FILE…`; only a file's owner and root may. */
export async function chmod(call: Call): Promise<Outcome> {
  const operands = operandsOf(call)
  const [mode, ...files] = operands ?? []
  // What -h and its like do with symlinks, coreutils 9.6 has for chmod, and those before refuse.
  if (!operands || hasFlag(call, /^-\w*[hHLP]|dereference/)) return doubtfulCall(call)
  if (typeof mode === 'string' && mode.startsWith('--')) return doubtfulCall(call)
  if (mode === undefined || files.length === 0) return ends(call, 'failure')
  if (typeof mode !== 'string') return eachFile(call, files, (inner, place) => doubtfulMode(inner, place))
  const text = withUmask(mode, call.umask)
  if (text === undefined) return eachFile(call, files, (inner, place) => doubtfulMode(inner, place))
  if (changeMode(0, text, false) === undefined) return ends(call, 'failure')
  return eachFile(call, files, (inner, place) => change(inner, place, {mode: text}))
}

/** `+x` is what the umask leaves of it. */
function withUmask(text: string, umask: number | undefined): string | undefined {
  const hangsOnUmask = text.split(',').some(clause => /^[-+=]/.test(clause))
  return hangsOnUmask && umask !== 0o022 ? undefined : text
}

/** `chown USER[:GROUP] FILE…`, `chgrp GROUP FILE…`. */
export async function chown(call: Call): Promise<Outcome> {
  const operands = operandsOf(call)
  const [owner, ...files] = operands ?? []
  if (!operands || (typeof owner === 'string' && owner.startsWith('--'))) return doubtfulCall(call)
  if (owner === undefined || files.length === 0) return ends(call, 'failure')
  const attributes = typeof owner === 'string' ? await ownership(call, owner) : undefined
  if (attributes === 'nobody') return ends(call, 'failure')
  return eachFile(call, files, (inner, place) => {
    // Others than root may give a file to a group of theirs, or do nothing to it.
    const isKnown = attributes !== undefined && inner.user.uid === 0
    return isKnown ? change(inner, place, attributes) : doubtfulMode(inner, place)
  })
}

/** Whom a file goes to; `nobody` where there is no such user, undefined where that is not known. */
async function ownership({name, view}: Call, text: string): Promise<Attributes | 'nobody' | undefined> {
  const spec = name === 'chgrp' ? `:${text}` : text.includes(':') ? text : text.replace('.', ':')
  const [user = '', group] = spec.split(':')
  const isCertain =
    (await view.lookup('/etc/passwd')).maybe === undefined && (await view.lookup('/etc/group')).maybe === undefined
  const found = await resolveUser(view, `${user || '0'}${group === undefined || group === '' ? '' : `:${group}`}`)
  if (!found.ok) return isCertain ? 'nobody' : undefined
  if (!isCertain && !/^\d*(:\d+)?$/.test(spec)) return undefined
  const {uid, gid} = found.value
  // `user:` is the group that he logs in with; of a number coreutils takes none, busybox one of the same number.
  if (group === '' && /^\d+$/.test(user)) return undefined
  return {...(user === '' ? {} : {uid}), ...(group === undefined ? {} : {gid})}
}

/** Without the flags; undefined where an option is not known. */
function operandsOf({words}: Call): readonly Value[] | undefined {
  const end = words.indexOf('--')
  const before = end < 0 ? words : words.slice(0, end)
  const rest = before.filter(word => typeof word !== 'string' || !FLAGS.test(word))
  const isOdd = rest.some(word => typeof word === 'string' && /^--|^-[^rwxXstugo0-7,=+-]/.test(word))
  return isOdd ? undefined : [...rest, ...(end < 0 ? [] : words.slice(end + 1))]
}

function hasFlag({words}: Call, flag: RegExp): boolean {
  const end = words.indexOf('--')
  const flags = end < 0 ? words : words.slice(0, end)
  return flags.some(word => typeof word === 'string' && FLAGS.test(word) && flag.test(word))
}

function isRecursive(call: Call): boolean {
  return hasFlag(call, /^-\w*R|^--recursive$/)
}

/** `chown -R` follows a symlink that it is given only with `-H` or `-L`. */
function isOfLinks(call: Call): boolean {
  if (hasFlag(call, /^-\w*h|^--no-dereference$/)) return true
  return call.name !== 'chmod' && isRecursive(call) && !hasFlag(call, /^-\w*[HL]/)
}

function eachFile(call: Call, files: readonly Value[], run: (inner: Call, place: Place) => Outcome): Promise<Outcome> {
  return inOrder(call, files, async (file, inner) => {
    if (file === '') return ends(inner, 'failure')
    const path = absolutePath(inner, file)
    if (path === undefined) return doubtfulWord(inner, file, 'mode')
    const followLast = !isOfLinks(inner) || path.endsWith('/')
    const place = await inner.view.place(path, {followLast})
    if (!place.node) return place.maybe ? doubtfulMode(inner, place) : ends(inner, 'failure')
    // `chmod -R` of a symlink: coreutils goes on in the directory, busybox changes that alone.
    const own = path.endsWith('/') ? place : await inner.view.place(path, {followLast: false})
    const isLink = inner.name === 'chmod' && isRecursive(inner) && own.node?.kind === 'symlink'
    return isLink ? doubtfulMode(inner, place) : run(inner, place)
  })
}

function doubtfulMode(call: Call, {at}: Place): Outcome {
  return doubtfulAt(call, at, 'mode')
}

/** The same thing with other attributes; of a tree with `-R` all that is in it. */
function change(call: Call, place: Place, attributes: Attributes): Outcome {
  const {user, by, view} = call
  const {node, at, content, maybe} = place
  if (!node) return ends(call, 'failure')
  // A mode in numbers is what it is, whatever was there before.
  const isWhole = user.uid === 0 && attributes.mode !== undefined && /^[0-7]{3,4}$/.test(attributes.mode)
  if (maybe || (place.mode && !isWhole)) return doubtfulMode(call, place)
  const recurses = isRecursive(call) && node.kind === 'directory'
  if (user.uid !== 0 && recurses) return changeOwn(call, place, attributes)
  if (user.uid !== 0 && user.uid !== node.uid) return ends(call, 'failure')
  if (recurses) return {world: withRecursion(view.world, {below: at, attributes, by}), status: 'success'}
  const changed = withAttributes(node, attributes)
  if (!changed) return doubtfulMode(call, place)
  const own = content ?? (node.kind === 'file' ? {kind: 'file' as const, of: node} : {kind: 'same' as const})
  // For an unknown file, its maker is reported.
  const maker = own.kind === 'unknown' ? (view.world.changes.get(at)?.by ?? by) : by
  const before = isWhole && node.kind === 'file' ? withKnownMode(view.world, at) : view.world
  return {
    world: withFileChange(before, at, {kind: 'there', node: changed, content: own, by: maker}),
    status: 'success',
  }
}

/** `chmod -R` of a user: of what is below a directory only what is his, and busybox stops at the first that is not. */
function changeOwn(call: Call, place: Place, attributes: Attributes): Outcome {
  const {user, view} = call
  const {world, status} = doubtfulMode(call, place)
  let changed: World = world
  for (const [path, change] of view.world.changes) {
    if (change.kind !== 'there' || change.node.uid !== user.uid || !isBelow(path, place.at)) continue
    const node = withAttributes(change.node, attributes)
    if (node) changed = withFileChange(changed, path, {...change, node})
  }
  return {world: changed, status}
}
