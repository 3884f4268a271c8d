/** Values by their names, as they are at one place of a Dockerfile; what comes behind it changes nothing of them. */
export interface Variables<V> {
  get(name: string): V | undefined
  has(name: string): boolean
}

/** What the places of one stage share: each change of a variable stands here once, however many places see it. */
interface History<V> {
  readonly before: Variables<V>
  readonly changes: Map<string, {readonly at: number; readonly value: V}[]>
  /** How many changes there are. */
  length: number
}

/**
 * The variables with one more, or one changed. A Dockerfile of a MiB may have 100,000 of them, and its instructions
 * see one more each: a copy for each would fill the memory.
 */
export function withVariable<V>(variables: Variables<V>, name: string, value: V): Variables<V> {
  const isLast = variables instanceof Place && variables.isLast
  const history: History<V> = isLast ? variables.history : {before: variables, changes: new Map(), length: 0}
  const changes = history.changes.get(name) ?? []
  history.length += 1
  history.changes.set(name, changes)
  changes.push({at: history.length, value})
  return new Place(history, history.length)
}

class Place<V> implements Variables<V> {
  readonly history: History<V>
  readonly #at: number

  constructor(history: History<V>, at: number) {
    this.history = history
    this.#at = at
  }

  /** Whether nothing was changed behind it yet. */
  get isLast(): boolean {
    return this.#at === this.history.length
  }

  get(name: string): V | undefined {
    const changes = this.history.changes.get(name) ?? []
    const [first] = changes
    if (first === undefined || first.at > this.#at) return this.history.before.get(name)
    // The last one that is not behind this place.
    let [low, high] = [0, changes.length - 1]
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((changes[middle]?.at ?? 0) <= this.#at) low = middle
      else high = middle - 1
    }
    return changes[low]?.value
  }

  has(name: string): boolean {
    const [first] = this.history.changes.get(name) ?? []
    return first === undefined || first.at > this.#at ? this.history.before.has(name) : true
  }
}
