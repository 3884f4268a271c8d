/** What a wrapper's manual says of its command line, as words that can be put together. */
export interface Manual {
  readonly name: string
  /** Each with its argument, as it may be written. */
  readonly options?: readonly (readonly string[])[]
  /** Options that it does not have, or not so. */
  readonly wrong?: readonly (readonly string[])[]
  /** What must stand before the program; one of these. */
  readonly operands?: readonly (readonly string[])[]
  /** It is for root only, or behaves otherwise for others. */
  readonly rootOnly?: boolean
}

/** Each text as the words of a command line. */
export function words(...texts: readonly string[]): readonly (readonly string[])[] {
  return texts.map(text => text.split(' ').filter(word => word !== ''))
}

/** Users as somebody may write them, some of which are not there. */
export const USER_WORDS: readonly (readonly string[])[] = [
  ...words('svc', 'root', 'odd', 'nosuch', '1000', '1500', '0', 'svc:more', '1000:1000', ':2000'),
  [''],
]
