/** Where something stands in a text: line and column, from 1. */
export type LineAndColumn = readonly number[]

/** By line, then by column. */
export function compareLines([lineA = 0, columnA = 0]: LineAndColumn, [lineB = 0, columnB = 0]: LineAndColumn): number {
  return lineA - lineB || columnA - columnB
}
