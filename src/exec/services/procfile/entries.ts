/** A kind of process in a Procfile. */
export interface ProcfileEntry {
  readonly name: string
  readonly command: string
}

/** `web: command`, a line each; what is otherwise is passed over. Runners of Go want a blank behind the colon. */
export function parseProcfile(text: string, wantsBlank = false): readonly ProcfileEntry[] {
  const line = wantsBlank ? /^([\w-]+):[\t\f\v ]+(.+)$/ : /^([A-Za-z0-9_-]+):\s*(.+)$/
  return text.split(/\r?\n/).flatMap(one => {
    const [, name, command] = line.exec(one) ?? []
    return name === undefined || command === undefined ? [] : [{name, command}]
  })
}

/** `web=2,all=0`: how many of each; of what is not named as many as of `all`. */
export function parseFormation(text: string, otherwise: number): (name: string) => number {
  const counts = new Map<string, number>()
  for (const pair of text.replace(/\s/g, '').split(',')) {
    const [name = '', count = ''] = pair.split('=')
    if (name !== '') counts.set(name, Number.parseInt(count, 10) || 0)
  }
  return name => counts.get(name) ?? counts.get('all') ?? otherwise
}
