import {absolutePath, after, type Call, ends, hasOption, type Outcome, optionValue, readArguments} from '../call.ts'
import {doubtfulAnywhere, makeNode, writeFile} from '../files.ts'

// coreutils 9.1 src/mktemp.c, busybox 1.35
const MKTEMP = {short: 'dp:qtuV', long: ['directory', 'dry-run', 'quiet', 'suffix=', 'tmpdir[=]', 'help', 'version']}

/**
 * `mktemp [-d] [TEMPLATE]`: which name it makes, only the run knows, but it is a new one. It is called here as the
 * template has it, with its `X`s; another of the same template has a number for the last of them.
 */
export async function mktemp(call: Call): Promise<Outcome> {
  const parsed = readArguments(call.words, MKTEMP)
  const [template, ...rest] = parsed?.operands ?? []
  const suffix = parsed && (optionValue(parsed, 'suffix') ?? '')
  if (!parsed || rest.length > 0 || typeof (template ?? '') !== 'string' || typeof suffix !== 'string') {
    return doubtfulAnywhere(call)
  }
  const name = typeof template === 'string' ? template + suffix : `tmp.XXXXXXXXXX${suffix}`
  const isOddTemplate = !/X{3,}/.test(name) || hasOption(parsed, 'help', 'version')
  const directory = directoryFor(call, parsed, template !== undefined)
  if (isOddTemplate || (directory !== undefined && typeof directory !== 'string')) return doubtfulAnywhere(call)
  const printed = directory === undefined ? name : `${directory.replace(/\/+$/, '')}/${name}`
  for (let number = 1; number < 100; number++) {
    const taken = number === 1 ? printed : printed.replace(/X(?=[^X]*$)/, String(number))
    const path = absolutePath(call, taken)
    if (path === undefined) return doubtfulAnywhere(call)
    const place = await call.view.place(path, {followLast: false})
    if (place.node) continue
    // What may have been made there by others does not have the name of a new file.
    const own = place.maybe?.grade === 'made' ? {...place, maybe: undefined} : place
    const output = `${taken}\n`
    if (hasOption(parsed, 'u', 'dry-run')) return {...ends(call, 'success'), output}
    if (place.maybe?.grade === 'replaced') return doubtfulAnywhere(call)
    const {maybe: _, ...free} = own
    const made = hasOption(parsed, 'd', 'directory')
      ? await makeNode(call, free, {kind: 'directory', mode: 0o700})
      : await writeFile(after(call, call.view.world), path, {kind: 'text', text: ''}, 0o600)
    return made.status === 'failure' ? made : {...made, status: 'success', output}
  }
  return doubtfulAnywhere(call)
}

function directoryFor(call: Call, parsed: NonNullable<ReturnType<typeof readArguments>>, hasTemplate: boolean) {
  const option = optionValue(parsed, 'p')
  if (option !== undefined) return option
  const isTemporary = !hasTemplate || hasOption(parsed, 't', 'tmpdir')
  return isTemporary ? (call.env.get('TMPDIR') ?? '/tmp') : undefined
}
