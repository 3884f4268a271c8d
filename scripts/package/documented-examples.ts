/** An example of a page: a program, and what it is said to print. */
export interface DocumentedExample {
  /** The heading that it stands under. */
  readonly name: string
  readonly code: string
  readonly prints: string
}

/** Each block of JavaScript in a page with the block of text behind it. Throws where one has none. */
export function documentedExamples(page: string): readonly DocumentedExample[] {
  const examples: DocumentedExample[] = []
  let heading = ''
  const blocks = page.matchAll(/^## (.*)$|^```js\n([\s\S]*?)^```\n(?:\n```text\n([\s\S]*?)^```$)?/gm)
  for (const [, title, code, prints] of blocks) {
    heading = title ?? heading
    if (code === undefined) continue
    if (prints === undefined) throw new Error(`${heading}: what the example prints does not stand below it`)
    examples.push({name: heading, code, prints})
  }
  return examples
}
