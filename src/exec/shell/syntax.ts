/** One piece of a word. `quoted`: no field splitting and no pathname expansion happens to it. */
export type WordPart =
  /** `ofDash`: what dash reads it as, where that is something else. */
  | {readonly kind: 'literal'; readonly text: string; readonly quoted: boolean; readonly ofDash?: string}
  /** `$name`, `${name…}`; `operator` and `operand` as in `${name:-operand}`. */
  | {
      readonly kind: 'parameter'
      readonly name: string
      readonly quoted: boolean
      /** bash's `${!name}`: what is meant is the parameter that `name` holds the name of. */
      readonly isIndirect?: true
      readonly operator?: string
      readonly operand?: Word
    }
  /** `$(…)` and backquotes. */
  | {readonly kind: 'command'; readonly quoted: boolean; readonly body: List}
  /** `$((…))`. */
  | {readonly kind: 'arithmetic'; readonly quoted: boolean; readonly expression: Word}
  /**
   * What is not evaluated, or only by its text: process substitution, extended globs, `${name[…]}`; `text` as written.
   */
  | {readonly kind: 'opaque'; readonly text: string; readonly quoted: boolean}

export interface Word {
  readonly parts: readonly WordPart[]
  /** As written. */
  readonly text: string
  /** `declare a=(…)`. */
  readonly array?: Assignment
}

/** `name=value`; `value` is undefined for an array, of which `elements` are given, or an element of one. */
export interface Assignment {
  readonly name: string
  readonly append: boolean
  readonly value: Word | undefined
  readonly elements?: readonly Word[]
}

/** What a redirection does to a file descriptor, XCU 2.7. */
export interface Redirection {
  /** `<`, `>`, `>>`, `<<`, `&>` …; without the descriptor. */
  readonly operator: string
  /** Undefined where it is the operator's own: 0 for input, 1 for output. */
  readonly descriptor: number | undefined
  readonly target: Word
  /** Of `<<` and `<<-`: read when the line has ended. */
  readonly heredoc?: {readonly body: string; readonly isQuoted: boolean}
}

/**
 * A line of a text, with all that a shell reads together with it: a shell reads on when it has run what it has read.
 */
export interface Line {
  /** The same object for all lines of one text. */
  readonly text: object
  readonly number: number
}

export interface SimpleCommand {
  readonly kind: 'simple'
  /** The line that it was read with. */
  readonly line?: Line
  readonly assignments: readonly Assignment[]
  readonly words: readonly Word[]
  readonly redirections: readonly Redirection[]
}

export interface CaseItem {
  readonly patterns: readonly Word[]
  readonly body: List
  /** `;&` and `;;&` go on with the next item. */
  readonly terminator: ';;' | ';&' | ';;&'
}

/** A command of the shell's grammar, XCU 2.10.2, with bash's `[[ … ]]`, `((…))`, `select` and `function`. */
export type Command =
  | SimpleCommand
  | {
      readonly kind: 'pipeline'
      readonly negated: boolean
      readonly commands: readonly Command[]
      /** bash's `|&` is in it. */
      readonly joinsErrors?: true
    }
  /** bash's `time [-p] pipeline`. */
  | {readonly kind: 'timed'; readonly option?: '-p'; readonly command: Command}
  | {readonly kind: 'and-or'; readonly first: Command; readonly rest: readonly AndOrTail[]}
  | {readonly kind: 'if'; readonly branches: readonly Branch[]; readonly otherwise: List | undefined}
  | {readonly kind: 'while'; readonly until: boolean; readonly condition: List; readonly body: List}
  /** `words` is undefined for `for name; do`, which means "$@"; `(( ; ; ))` and `select` have no known words. */
  | {
      readonly kind: 'for'
      readonly name: string | undefined
      readonly words: readonly Word[] | undefined
      readonly unknowable: boolean
      readonly body: List
    }
  | {readonly kind: 'case'; readonly word: Word; readonly items: readonly CaseItem[]}
  | {readonly kind: 'group'; readonly body: List}
  | {readonly kind: 'subshell'; readonly body: List}
  /** `keyword`: bash's `function name`, and where its body begins. */
  | {
      readonly kind: 'function'
      readonly name: string
      readonly body: Command
      readonly keyword?: 'same line' | 'group on the next line' | 'brace at the end of the line'
    }
  /** `[[ … ]]`: the words between. */
  | {readonly kind: 'test'; readonly words: readonly Word[]}
  /** `((…))`. */
  | {readonly kind: 'arithmetic'; readonly expression: Word | undefined}
  /** A compound command with redirections. */
  | {readonly kind: 'redirected'; readonly command: Command; readonly redirections: readonly Redirection[]}

export interface AndOrTail {
  readonly operator: '&&' | '||'
  readonly command: Command
}

export interface Branch {
  readonly condition: List
  readonly body: List
}

export interface ListItem {
  readonly command: Command
  readonly background: boolean
  /** Of a command that is not in another one. */
  readonly line?: Line
}

export type List = readonly ListItem[]
