import {absolutePath, type Call, hasOption, inOrder, type Outcome, optionValue, readArguments} from '../call.ts'
import {doubtful, makeNode, NEW_DIRECTORY, NEW_FILE, removeAt, writeFile} from '../files.ts'
import {viewWorld} from '../view.ts'
import type {World} from '../world.ts'
import {makeDirectories} from './copy.ts'

// coreutils 9.1 src/mkdir.c, src/touch.c, src/rm.c, src/rmdir.c, src/tee.c
const MKDIR = {short: 'pm:vZ', long: ['parents', 'mode=', 'verbose']}
const TOUCH = {short: 'acd:fhmr:t:', long: ['no-create', 'date=', 'no-dereference', 'reference=', 'time=']}
const RM = {
  short: 'dfiIrRv',
  long: ['dir', 'force', 'interactive', 'recursive', 'one-file-system', 'no-preserve-root', 'preserve-root', 'verbose'],
}
const RMDIR = {short: 'pv', long: ['parents', 'ignore-fail-on-non-empty', 'verbose']}
const TEE = {short: 'aip', long: ['append', 'ignore-interrupts']}

/** `mkdir [-p] DIRECTORY…`. */
export async function mkdir(call: Call): Promise<Outcome> {
  const parsed = readArguments(call.words, MKDIR)
  if (!parsed) return doubtful(call, undefined)
  const mode = optionValue(parsed, 'm', 'mode')
  const bits = typeof mode === 'string' && /^[0-7]{3,4}$/.test(mode) ? Number.parseInt(mode, 8) : NEW_DIRECTORY
  return inOrder(
    call,
    parsed.operands,
    async (operand, inner) => {
      const path = absolutePath(inner, operand)
      if (path === undefined) return doubtful(inner, undefined)
      if (hasOption(parsed, 'p', 'parents')) return makeDirectories(inner, path, bits)
      const place = await inner.view.place(path, {followLast: false})
      if (place.node) return {world: inner.view.world, status: place.maybe ? 'unknown' : 'failure'}
      return makeNode(inner, place, {kind: 'directory', mode: bits})
    },
    see(call),
  )
}

/** `touch FILE…`: makes what is not there. */
export async function touch(call: Call): Promise<Outcome> {
  const parsed = readArguments(call.words, TOUCH)
  if (!parsed) return doubtful(call, undefined)
  return inOrder(
    call,
    parsed.operands,
    async (operand, inner) => {
      const path = absolutePath(inner, operand)
      if (path === undefined) return doubtful(inner, undefined)
      const place = await inner.view.place(path)
      if (place.node)
        return {world: inner.view.world, status: inner.user.uid === 0 && !place.maybe ? 'success' : 'unknown'}
      if (hasOption(parsed, 'c', 'no-create')) return {world: inner.view.world, status: 'success'}
      return writeFile(inner, path, {kind: 'text', text: ''}, NEW_FILE)
    },
    see(call),
  )
}

/** `rm [-r] [-f] FILE…`. */
export async function remove(call: Call): Promise<Outcome> {
  const parsed = readArguments(call.words, RM)
  if (!parsed) return doubtful(call, undefined)
  const isForced = hasOption(parsed, 'f', 'force')
  const isRecursive = hasOption(parsed, 'r', 'R', 'recursive', 'd', 'dir')
  return inOrder(
    call,
    parsed.operands,
    async (operand, inner) => {
      const path = absolutePath(inner, operand)
      // Which files it removes, only the run knows: what is there stays, as far as anybody can tell.
      if (path === undefined) return {world: inner.view.world, status: isForced ? 'success' : 'unknown'}
      const place = await inner.view.place(path, {followLast: false})
      if (!place.node)
        return {world: inner.view.world, status: isForced ? 'success' : place.maybe ? 'unknown' : 'failure'}
      if (place.node.kind === 'directory' && !isRecursive) return {world: inner.view.world, status: 'failure'}
      return removeAt(inner, place)
    },
    see(call),
  )
}

/** `rmdir DIRECTORY…`: only of empty ones, which nobody here counts. */
export async function removeDirectory(call: Call): Promise<Outcome> {
  const parsed = readArguments(call.words, RMDIR)
  if (!parsed) return doubtful(call, undefined)
  return inOrder(
    call,
    parsed.operands,
    async (operand, inner) => {
      const path = absolutePath(inner, operand)
      const place = path === undefined ? undefined : await inner.view.place(path, {followLast: false})
      if (!place || place.node) return doubtful(inner, place?.at)
      return {world: inner.view.world, status: place.maybe ? 'unknown' : 'failure'}
    },
    see(call),
  )
}

/** `tee FILE…`: what it writes comes from its input. */
export async function tee(call: Call): Promise<Outcome> {
  const parsed = readArguments(call.words, TEE)
  if (!parsed) return doubtful(call, undefined)
  return inOrder(
    call,
    parsed.operands,
    async (operand, inner) => {
      const path = absolutePath(inner, operand)
      return path === undefined ? doubtful(inner, undefined) : writeFile(inner, path, {kind: 'unknown'}, NEW_FILE)
    },
    see(call),
  )
}

function see({view}: Call) {
  return (world: World) => viewWorld(view.image, world)
}
