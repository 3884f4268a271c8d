/** A Dockerfile and what is to be told of it. */
export interface Case {
  /** The file that it stands in, and what it is. */
  readonly name: string
  readonly text: string
  /** `LEVEL RULE LINE` */
  readonly expected: readonly string[]
}

/**
 * Reads `=== WHAT IT IS => EXPECTED, …`, each followed by a Dockerfile, to the next one; what
 * stands before the first is a comment.
 */
export function parseCases(file: string, text: string): readonly Case[] {
  return text
    .split(/^=== /m)
    .slice(1)
    .map(part => {
      const [head = '', ...lines] = part.split('\n')
      const [title = '', expected = ''] = head.split(' => ')
      return {
        name: `${file}: ${title.trim()}`,
        text: lines.join('\n'),
        expected: expected === '' ? [] : expected.split(',').map(entry => entry.trim()),
      }
    })
}
