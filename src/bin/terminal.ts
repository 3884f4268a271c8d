/** What the command knows of the terminal that it writes to. */
export interface Terminal {
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
}

/** Narrower than this no report is readable; then lines are left to the terminal. */
const NARROWEST = 40

/**
 * Whether to write colours: FORCE_COLOR decides, then NO_COLOR, else whether it is a terminal that has them.
 * https://force-color.org, https://no-color.org
 */
export function wantsColor(env: NodeJS.ProcessEnv, {isTTY}: Terminal): boolean {
  const {FORCE_COLOR: forced, NO_COLOR: unwanted, TERM: terminal} = env
  if (forced !== undefined && forced !== '') return forced !== '0' && forced !== 'false'
  if (unwanted !== undefined && unwanted !== '') return false
  return isTTY === true && terminal !== 'dumb'
}

/** The columns that lines may have; undefined where nothing shows them in columns. */
export function widthOf({isTTY, columns}: Terminal): number | undefined {
  return isTTY === true && columns !== undefined && columns >= NARROWEST ? columns : undefined
}

/**
 * Progress on standard error: on a terminal one line that the next one and the report take the place of, else a line
 * for each message.
 */
export function createProgress(write: (text: string) => void, {isTTY, columns = 80}: Terminal) {
  let isShown = false
  let isQuiet = false
  const clear = (): void => {
    if (isShown) write('\r\x1b[K')
    isShown = false
  }
  return {
    show: (message: string): void => {
      if (isQuiet) return
      if (isTTY !== true) {
        write(`verify-image-arch: ${message}\n`)
        return
      }
      clear()
      write(`… ${message}`.slice(0, Math.max(1, columns - 1)))
      isShown = true
    },
    /** Takes the line away before something else is written; with `quiet` nothing is shown from then on. */
    end: (quiet: boolean): void => {
      clear()
      isQuiet ||= quiet
    },
  }
}
