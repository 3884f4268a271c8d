/** A line of a list without its comment, and without what stands around it: a carriage return, say. */
export function withoutComment(line: string): string {
  return line.replace(/(^|\s)#[^\n]*$/, '').trim()
}
