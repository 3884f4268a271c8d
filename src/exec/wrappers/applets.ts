import type {RootFs} from '../../image/rootfs.ts'
import {LIMITS} from '../../lib/limits.ts'
import {type Process, resolve} from '../resolved-path.ts'

/** The largest busybox or toybox that is searched, in bytes. */
const MAX_SIZE = LIMITS['busybox-bytes'].most

const NAME = /^[[\w][\w.[+-]{0,30}$/
/** Fewer names in order stand together by chance. */
const FEWEST = 8

/**
 * Names that every build of busybox or toybox with a shell or files has: without one of them its table is not plain.
 */
const COMMON = ['cat', 'sh', 'ash', 'ls', 'true']

/**
 * Whether a multi-call program has an applet: the names stand in it in order, each between NULs (busybox
 * applet_tables.h). Undefined where the file is not there or its names are not to be seen, as in one that UPX packed.
 */
export async function hasApplet(
  view: RootFs,
  process: Pick<Process, 'cwd' | 'user'>,
  path: string,
  applet: string,
): Promise<boolean | undefined> {
  const {node} = await resolve(view, process, path)
  if (node?.kind !== 'file' || node.size > MAX_SIZE) return undefined
  const file = await view.open(node)
  const names = findNames(Buffer.from(await file.read(0, node.size)).toString('latin1'))
  return names?.includes(applet)
}

/** The longest run of names in order, of those that hold a common one. */
function findNames(text: string): readonly string[] | undefined {
  const tables = COMMON.flatMap(name => {
    const at = text.indexOf(`\0${name}\0`)
    return at < 0 ? [] : [namesAround(text, at)]
  })
  const longest = tables.sort((one, other) => other.length - one.length)[0]
  return longest && longest.length >= FEWEST ? longest : undefined
}

/** `at`: of the NUL before a name. */
function namesAround(text: string, at: number): readonly string[] {
  const names: string[] = []
  let [end, start] = [at, at]
  for (;;) {
    const next = text.indexOf('\0', end + 1)
    const name = text.slice(end + 1, next)
    if (next < 0 || !isNext(names.at(-1), name)) break
    names.push(name)
    end = next
  }
  for (;;) {
    const before = text.lastIndexOf('\0', start - 1)
    const name = text.slice(before + 1, start)
    if (before < 0 || !isNext(name, names[0])) return names
    names.unshift(name)
    start = before
  }
}

function isNext(name: string | undefined, next: string | undefined): boolean {
  return [name, next].every(one => one === undefined || NAME.test(one)) && (name ?? '') < (next ?? '\uffff')
}
