const NAME = /^[[\w][\w.[+-]{0,30}$/
/** Fewer names in order stand together by chance; more have no busybox and no toybox, which have some hundred. */
const [FEWEST, MOST] = [8, 4096]

/**
 * Names that every build of busybox or toybox with a shell or files has: without one of them its table is not plain.
 */
const COMMON = ['cat', 'sh', 'ash', 'ls', 'true']

/**
 * The applets of a multi-call program: the names stand in it in order, each between NULs (busybox applet_tables.h).
 * Undefined where they are not to be seen, as in one that UPX packed: the longest run that holds a common one is it.
 */
export function findAppletNames(text: string): readonly string[] | undefined {
  const tables = COMMON.flatMap(name => {
    const at = text.indexOf(`\0${name}\0`)
    return at < 0 ? [] : [namesAround(text, at)]
  })
  const longest = tables.sort((one, other) => other.length - one.length)[0]
  return longest && longest.length >= FEWEST && longest.length <= MOST ? longest : undefined
}

/** `at`: of the NUL before a name. */
function namesAround(text: string, at: number): readonly string[] {
  const names: string[] = []
  const before: string[] = []
  let [end, start] = [at, at]
  while (names.length <= MOST) {
    const next = text.indexOf('\0', end + 1)
    const name = text.slice(end + 1, next)
    if (next < 0 || !isNext(names.at(-1), name)) break
    names.push(name)
    end = next
  }
  while (before.length <= MOST) {
    const nul = text.lastIndexOf('\0', start - 1)
    const name = text.slice(nul + 1, start)
    if (nul < 0 || !isNext(name, before.at(-1) ?? names[0])) break
    before.push(name)
    start = nul
  }
  return [...before.reverse(), ...names]
}

function isNext(name: string | undefined, next: string | undefined): boolean {
  return [name, next].every(one => one === undefined || NAME.test(one)) && (name ?? '') < (next ?? '\uffff')
}
