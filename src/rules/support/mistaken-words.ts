import type {Step} from '../../exec/index.ts'

/** The words of a config as the Dockerfile has them in the exec form. */
const EXEC_FORM = /^(entrypoint|cmd|healthcheck)$/

/**
 * What to write, where the name of a program that is missing shows what was meant: an engine expands no variable and
 * splits no word of the exec form, and takes what is not JSON for the text of a shell.
 * https://docs.docker.com/reference/dockerfile/#shell-and-exec-form
 */
export function fixOfWords({path, via}: Pick<Step, 'path' | 'via'>): string | undefined {
  if (/^\[.*[\],]$/.test(path) && via.endsWith(' -c')) {
    return 'Write the exec form as JSON, with plain double quotes: ["…", "…"]. With other quotes it is run as the text of a shell.'
  }
  if (!EXEC_FORM.test(via)) return undefined
  if (/\$\{?\w/.test(path)) {
    return 'Name the program itself, or write the shell form: the exec form expands no variables.'
  }
  if (/^[^\s/]+\s+\S|^\S+\s+-/.test(path)) {
    return `Write each word by itself: ${JSON.stringify(path.trim().split(/\s+/))}. The exec form splits no words.`
  }
  return undefined
}
