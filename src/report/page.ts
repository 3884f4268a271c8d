/** A piece of a page. Pieces within `open` and `close` are kept together: what opens is always closed. */
export interface Piece {
  readonly text: string
  /** How many findings the reader misses where it is left out. */
  readonly findings?: number
  /** Pieces after `text`, and what must follow the last of them. */
  readonly within?: {readonly pieces: readonly Piece[]; readonly close: string}
}

/** Room that is kept for what `close` adds. */
const RESERVE = 1024

/** A text that grows to a budget of bytes in UTF-8. After the first piece that has no room, nothing more is added. */
export function createPage(budget: number) {
  const lines: string[] = []
  let room = budget - RESERVE
  let isFull = false
  let leftOut = 0

  const put = (text: string, reserved = 0): boolean => {
    const size = byteLength(text) + 1
    if (isFull || size + reserved > room) {
      isFull = true
      return false
    }
    room -= size
    lines.push(text)
    return true
  }

  const addPiece = ({text, findings = 0, within}: Piece): void => {
    if (within === undefined) {
      if (!put(text)) leftOut += findings
      return
    }
    const closing = byteLength(within.close) + 1
    if (!put(text, closing)) {
      leftOut += findings + countFindings(within.pieces)
      return
    }
    room -= closing
    for (const piece of within.pieces) addPiece(piece)
    lines.push(within.close)
  }

  return {
    add: (...pieces: readonly Piece[]): void => pieces.forEach(addPiece),
    /** Adds a line that must be there, out of the reserve. */
    close: (line: string): void => {
      lines.push(line)
    },
    findingsLeftOut: (): number => leftOut,
    text: (): string => `${lines.join('\n')}\n`,
  }
}

function countFindings(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, {findings = 0, within}) => sum + findings + countFindings(within?.pieces ?? []), 0)
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length
}
