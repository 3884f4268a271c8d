/** What the script of a service says of others, in the words of its `depend`. */
export interface Dependencies {
  readonly need: readonly string[]
  readonly want: readonly string[]
  readonly use: readonly string[]
  readonly after: readonly string[]
  readonly before: readonly string[]
  readonly provide: readonly string[]
  readonly keyword: readonly string[]
  /** All that it says is in here: nothing that only a shell would make of it. */
  readonly isKnown: boolean
}

const KINDS = ['need', 'want', 'use', 'after', 'before', 'provide', 'keyword'] as const
/** What says nothing of others. */
const SILENT = /^(:|true|config|return( 0)?)(\s|$)/

/** `depend` of an init script: OpenRC sh/gendepends.sh. */
export function parseDependencies(script: string): Dependencies {
  const found: Record<(typeof KINDS)[number], string[]> = {
    ...{need: [], want: [], use: [], after: [], before: [], provide: [], keyword: []},
  }
  const body = /^\s*depend\s*\(\)\s*\{?([\s\S]*?)\}\s*$/m.exec(script.replaceAll('\\\n', ' '))?.[1] ?? ''
  let isKnown = !/^\s*rc_(\w+_)?(need|want|use|after|before|provide|keyword)=/m.test(script)
  const lines = body.split(/[\n;]/).map(line => line.replace(/^#.*|\s#.*/, '').trim())
  for (const line of lines.filter(one => one !== '' && one !== '{')) {
    const [verb = '', ...words] = line.split(/\s+/)
    const kind = KINDS.find(one => one === verb)
    const isPlain = words.every(word => /^[\w.!@*+-]+$/.test(word))
    if (kind !== undefined && isPlain) found[kind].push(...words)
    else if (!SILENT.test(line)) isKnown = false
  }
  // `need net !net`: it is taken back.
  const kept = (words: readonly string[]) => {
    const gone = words.filter(word => word.startsWith('!')).map(word => word.slice(1))
    return words.filter(word => !word.startsWith('!') && !gone.includes(word))
  }
  return {
    ...{need: kept(found.need), want: kept(found.want), use: kept(found.use), after: kept(found.after)},
    ...{before: kept(found.before), provide: kept(found.provide), keyword: found.keyword},
    isKnown,
  }
}
