/** The lines of one hunk as the file has them now, counted from 1. */
export interface Hunk {
  readonly line: number
  readonly endLine: number
  /** Those that the change adds. */
  readonly added: ReadonlySet<number>
}

const HEADER = /^@@ -\d+(?:,\d+)? \+(\d+)(?:,\d+)? @@/

/** The hunks of a patch as GitHub gives it: a unified diff without the names of the files. */
export function hunksOf(patch: string): readonly Hunk[] {
  return patch.split(/^(?=@@ -)/m).flatMap(text => {
    const [head = '', ...lines] = text.split('\n')
    const start = Number(HEADER.exec(head)?.[1] ?? Number.NaN)
    if (!Number.isSafeInteger(start)) return []
    const added = new Set<number>()
    let next = start
    for (const line of lines) {
      if (line.startsWith('+')) added.add(next)
      if (line.startsWith('+') || line.startsWith(' ')) next += 1
    }
    return next === start ? [] : [{line: start, endLine: next - 1, added}]
  })
}

/** Whether GitHub takes a comment on these lines, and the pull request changed one of them. */
export function isChanged(hunks: readonly Hunk[], line: number, endLine: number): boolean {
  return hunks.some(
    hunk =>
      line >= hunk.line && endLine <= hunk.endLine && [...hunk.added].some(added => added >= line && added <= endLine),
  )
}
