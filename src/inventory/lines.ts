import {withoutComment} from '../lib/without-comment.ts'
import type {Inventory} from './inventory.ts'

/**
 * Whether every line is one word, and none of them begins or ends as YAML or JSON does: `services:` and `- app:1` are
 * YAML, `app:1` is a reference.
 */
export function isListOfReferences(text: string): boolean {
  const words = wordsOf(text)
  return words.length > 0 && words.every(({word}) => /^[^\s{[\]}"'&*!|>%-][^\s{}"']*$/.test(word) && !/:$/.test(word))
}

/** The references of a list; `#` starts a comment. */
export function readLines(text: string): Inventory {
  return {images: wordsOf(text).map(({word, line}) => ({text: word, place: String(line)})), leftOut: []}
}

function wordsOf(text: string): {readonly word: string; readonly line: number}[] {
  return text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .map((line, index) => ({word: withoutComment(line), line: index + 1}))
    .filter(({word}) => word !== '')
}
