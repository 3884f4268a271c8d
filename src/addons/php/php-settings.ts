/** What php.ini, and the files that are read besides, say of modules. */
export interface PhpSettings {
  /** In the order in which they are loaded. */
  readonly extensions: readonly {readonly name: string; readonly file: string}[]
  /** `extension_dir`; undefined where the one that is compiled in is meant. */
  readonly directory: string | undefined
  /** Something names a variable, whose value is not known. */
  readonly isUncertain: boolean
}

const SETTING = /^\s*(extension|zend_extension|extension_dir)\s*=\s*(.*?)\s*$/
/** Behind these it is of one directory or host alone: no module is loaded by it. */
const SECTION = /^\s*\[\s*(?:PATH|HOST)\s*=/i

/** Reads the settings of files in their order; the last `extension_dir` counts for all. */
export function readPhpSettings(texts: readonly {readonly file: string; readonly text: string}[]): PhpSettings {
  const extensions: {name: string; file: string}[] = []
  let directory: string | undefined
  let isUncertain = false
  for (const {file, text} of texts) {
    for (const line of text.split(/\r\n|\n|\r/)) {
      if (SECTION.test(line)) break
      const [, setting, raw = ''] = SETTING.exec(line) ?? []
      if (setting === undefined) continue
      const [, quoted, single, plain] = /^(?:"([^"]*)"|'([^']*)'|([^;]*?))\s*(?:;.*)?$/.exec(raw) ?? []
      const value = quoted ?? single ?? plain
      if (value === undefined || (single === undefined && /["'$`\\(){}|&^~!]/.test(value))) isUncertain = true
      else if (setting === 'extension_dir') directory = value
      else if (value !== '') extensions.push({name: value, file})
    }
  }
  return {extensions, directory, isUncertain}
}
