import type {RunInstruction} from './model.ts'

/** The text that a shell gets, and the line of the file that each of its characters stands in. */
export interface Script {
  readonly text: string
  lineAt(offset: number): number
}

/** `RUN <<EOF`, or `RUN bash -e <<EOF`: what stands below is commands, and not the input of a program. */
function isReadByShell({arguments: text}: RunInstruction): boolean {
  return /^(?:(?:exec\s+)?(?:\/\S*\/)?(?:ba|da|a|z)?sh(?:\s+-\S+)*\s+)?\d*<</.test(text)
}

/**
 * What RUN gives to the shell: its continued lines as one, heredocs below it line by line. The JSON form
 * gives its words, with a space between.
 */
export function scriptOf(run: RunInstruction): Script {
  const pieces: {readonly text: string; readonly line: number}[] = []
  if (run.argv !== undefined) pieces.push({text: run.argv.join(' '), line: run.line})
  else {
    let skipped =
      run.parts
        .map(({text}) => text)
        .join('')
        .trim().length - run.arguments.length
    for (const [index, {text, line}] of run.parts.entries()) {
      const trimmed = index === 0 ? text.trimStart() : text
      pieces.push({text: trimmed.slice(Math.min(skipped, trimmed.length)), line})
      skipped = Math.max(0, skipped - trimmed.length)
    }
  }
  for (const {lines, chomps} of isReadByShell(run) ? run.heredocs : []) {
    for (const {text, line} of lines) pieces.push({text: `\n${chomps ? text.replace(/^\t+/, '') : text}`, line})
    pieces.push({text: '\n', line: lines.at(-1)?.line ?? run.line})
  }
  return {
    text: pieces.map(({text}) => text).join(''),
    lineAt(offset) {
      let end = 0
      for (const {text, line} of pieces) {
        end += text.length
        if (offset < end) return line
      }
      return pieces.at(-1)?.line ?? run.line
    },
  }
}
