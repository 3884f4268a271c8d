/** A line of JSON as a value; undefined where it is not JSON. */
export function readJsonLine(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
