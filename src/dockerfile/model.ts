import type {Directives, Heredoc, SourceLine} from './lines.ts'

/** A flag of an instruction, quotes and escapes taken away; `--link` alone has no value. */
export interface Flag {
  readonly name: string
  readonly value: string | undefined
}

/** A variable and what is written behind its `=`: quotes, escapes and other variables still in it. */
export interface Assignment {
  readonly name: string
  readonly value: string | undefined
}

/** `RUN --mount=…`, as far as it says where its files are from. */
export interface Mount {
  readonly type: string
  /** A stage by name, or an image. */
  readonly from?: string
  readonly source?: string
  readonly target?: string
}

interface Written {
  /** In capitals. */
  readonly keyword: string
  /** Counted from 1; the line of its keyword. */
  readonly line: number
  /** Of the last line that belongs to it, continuations and heredocs included. */
  readonly endLine: number
  /** In one line, without comments and without heredocs. */
  readonly text: string
  /** What each line of the file gave to it, comments left out. */
  readonly parts: readonly SourceLine[]
  readonly heredocs: readonly Heredoc[]
  readonly flags: readonly Flag[]
  /** What stands behind the flags. */
  readonly arguments: string
}

export interface FromInstruction extends Written {
  readonly kind: 'from'
  /** As written: `golang:${VERSION}`. */
  readonly image: string
  /** As written. */
  readonly platform?: string
  /** In lower case, as the builder keeps it. */
  readonly name?: string
}

export interface ArgInstruction extends Written {
  readonly kind: 'arg'
  readonly variables: readonly Assignment[]
}

export interface EnvInstruction extends Written {
  readonly kind: 'env'
  readonly variables: readonly Assignment[]
}

/** COPY and ADD. */
export interface CopyInstruction extends Written {
  readonly kind: 'copy'
  /** `--from`: a stage by name or index, an image, or a named context. ADD has none. */
  readonly from?: string
  /** As written; those of heredocs are in `heredocs`. */
  readonly sources: readonly string[]
  readonly destination: string
}

export interface RunInstruction extends Written {
  readonly kind: 'run'
  readonly mounts: readonly Mount[]
  /** Of the JSON form, which no shell reads. */
  readonly argv?: readonly string[]
}

export interface WorkdirInstruction extends Written {
  readonly kind: 'workdir'
  readonly path: string
}

/** What runs in each stage, or build, that is FROM this one. */
export interface OnbuildInstruction extends Written {
  readonly kind: 'onbuild'
  readonly trigger: Instruction
}

/** CMD, LABEL, USER and others, which bring no file. */
export interface OtherInstruction extends Written {
  readonly kind: 'other'
}

export type Instruction =
  | ArgInstruction
  | CopyInstruction
  | EnvInstruction
  | FromInstruction
  | OnbuildInstruction
  | OtherInstruction
  | RunInstruction
  | WorkdirInstruction

/** What stands between one FROM and the next. */
export interface Stage {
  /** Counted from 0. */
  readonly index: number
  readonly name?: string
  readonly from: FromInstruction
  /** Without the FROM. */
  readonly instructions: readonly Instruction[]
}

/** A Dockerfile as it is written; what its variables stand for is in resolve.ts. */
export interface Dockerfile {
  readonly directives: Directives
  /** The ARGs before the first FROM. */
  readonly args: readonly ArgInstruction[]
  /** At least one. */
  readonly stages: readonly Stage[]
  /** The lines of the file, without their ends. */
  readonly lines: readonly string[]
  /** How its lines end. */
  readonly lineEnding: 'LF' | 'CRLF' | 'mixed'
}
