/** The words of an `up` file, one command line of execline; undefined where more than words is in it. */
export function upCommandLine(text: string): readonly string[] | undefined {
  const lines = text.split('\n').filter(line => !/^\s*#/.test(line))
  const words = lines.flatMap(line => line.split(/\s+/)).filter(word => word !== '')
  return words.some(word => /["\\{}#]/.test(word)) ? undefined : words
}
