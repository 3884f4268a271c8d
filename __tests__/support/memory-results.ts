import type {ResultFiles} from '../../src/cli/read-results.ts'

/** Files of results in memory, as they are on a disk; a folder has a name in `.d`. */
export function memoryFiles() {
  const files = new Map<string, string>()
  const results: ResultFiles = {
    lines: async function* (file) {
      const text = files.get(file)
      if (text === undefined) throw Object.assign(new Error('no such file'), {code: 'ENOENT'})
      yield* text.split('\n').filter((line, index, all) => index < all.length - 1 || line !== '')
    },
    list: async name => {
      const inside = [...files.keys()].filter(file => file.startsWith(`${name}/`) && file.endsWith('.jsonl'))
      return name.endsWith('.d') ? inside.toSorted() : undefined
    },
    append: async (file, keeps) => {
      const there = keeps ? (files.get(file) ?? '') : ''
      files.set(file, there.slice(0, there.lastIndexOf('\n') + 1))
      return {write: async line => void files.set(file, files.get(file) + line), close: async () => {}}
    },
  }
  return {files, results}
}
