/**
 * What GitHub's runner reads from the files behind GITHUB_OUTPUT and GITHUB_STATE, after the behaviour of
 * actions/runner 2.336 (src/Runner.Worker/FileCommandManager.cs, EnvFileKeyValuePairs):
 *
 *     key "=" value
 *     key "<<" delimiter, lines, delimiter
 *
 * A later value of a key stands in place of an earlier one; what fits neither form fails the step.
 */
export function parseRunnerFile(text: string): Record<string, string> {
  const values: Record<string, string> = {}
  const lines = text.split(/\r?\n/)
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? ''
    if (line === '') continue
    const [equals, heredoc] = [line.indexOf('='), line.indexOf('<<')]
    if (equals >= 0 && (heredoc < 0 || equals < heredoc)) {
      values[line.slice(0, equals)] = line.slice(equals + 1)
      continue
    }
    const [key, delimiter] = [line.slice(0, heredoc), line.slice(heredoc + 2)]
    if (heredoc <= 0 || delimiter === '') throw new Error(`Invalid format '${line}'`)
    const end = lines.indexOf(delimiter, at + 1)
    if (end < 0) throw new Error(`Matching delimiter not found '${delimiter}'`)
    values[key] = lines.slice(at + 1, end).join('\n')
    at = end
  }
  return values
}
