import type {MemoryEntry, MemoryTree} from '../../__tests__/support/memory-rootfs.ts'

/** A command of a script: its text, or a compound command whose bodies stand between its words. */
export type Node = string | {readonly parts: readonly (string | readonly Node[])[]}

/** A script of the root. */
export interface ScriptFile {
  /** The first line, with its line end; empty for none. */
  readonly shebang: string
  readonly mode: number
  readonly body: readonly Node[]
}

/** One thing to try: a small root, and what is started in it. */
export interface StartScript {
  readonly entrypoint: readonly string[]
  readonly cmd: readonly string[]
  readonly env: readonly string[]
  readonly user: string
  readonly cwd: string
  readonly scripts: Readonly<Record<string, ScriptFile>>
  readonly tree: MemoryTree
  /** Tools of the ground that this root does not have. */
  readonly removed: readonly string[]
}

/** The files of a root beside those of the ground. */
export function treeOf({scripts, tree}: StartScript): MemoryTree {
  const files = Object.entries(scripts).map(([path, {shebang, mode, body}]): [string, MemoryEntry] => [
    path,
    {content: `${shebang}${renderNodes(body)}\n`, mode},
  ])
  return {...tree, ...Object.fromEntries(files)}
}

export function renderNodes(nodes: readonly Node[]): string {
  return nodes.map(renderNode).join('\n')
}

function renderNode(node: Node): string {
  if (typeof node === 'string') return node
  return node.parts
    .map(part => (typeof part === 'string' ? part : part.length === 0 ? ':' : renderNodes(part)))
    .join('\n')
}

/**
 * Whether a script uses a variable or an argument that nothing sets, which may be meant to be given to
 * the container, or a pattern for files.
 */
export function hasUnset(script: StartScript): boolean {
  const contents = Object.values(treeOf(script)).map(entry =>
    typeof entry === 'object' && 'content' in entry ? entry.content : entry,
  )
  const all = contents.filter(content => typeof content === 'string').join('\n')
  if (/\/\*/.test(all) || (/set -[eo]*u/.test(all) && /\$\{?[1-9]/.test(all))) return true
  const used = [...all.matchAll(/\$\{?([A-Za-z_]\w*)/g)].map(([, name]) => name ?? '')
  const isSet = (name: string) =>
    new RegExp(`(^|[\\s;({"'])${name}=|\\b(for|read|read -r) ${name}\\b|\\{${name}:?=`, 'm').test(all) ||
    script.env.some(line => line.startsWith(`${name}=`))
  return used.some(name => !['HOME', 'PATH', 'PWD', 'HOSTTYPE', 'BASH_SOURCE'].includes(name) && !isSet(name))
}

/** A line that starts a program of this name: alone, by `exec`, or by a command that hands over to it. */
function startedBy(name: string): RegExp {
  const before =
    '[!({]\\s*|exec\\s+|command\\s+|(env|nice|nohup|sh|stdbuf)\\s+|timeout \\d+\\s+|\\w+=\\S*\\s+|-\\S+\\s+|eval ["\']'
  return new RegExp(`(^|[;&|]\\s*)(${before})*["']?([^\\s"']*/)?${name.replaceAll(/[^\w/-]/g, '\\$&')}["')]*(\\s|$)`)
}

/** Whether scripts ask whether there is a command: dash and busybox end with 127, in silence, where there is none. */
export function asksForCommand(script: StartScript): boolean {
  return Object.values(script.scripts).some(({body}) => /\b(command -v|type) /.test(renderNodes(body)))
}

/** Whether a script reads in or runs the files that a pattern finds: `for f in /entrypoint.d/*.sh; do . "$f"; done`. */
export function readsPattern(script: StartScript): boolean {
  return Object.values(script.scripts).some(({body}) => {
    const text = renderNodes(body)
    return text.includes('/*') && /(^|[;&|]\s*)((\.|sh) )?"?\$f\b/m.test(text)
  })
}

/**
 * Whether a program is started only in compound commands and lists; one that only a variable may name is not. `line`:
 * of the script that a shell tells of.
 */
export function isConditional({scripts}: StartScript, name: string, line?: number): boolean {
  const base = name.slice(name.lastIndexOf('/') + 1)
  const mayStart = (node: Node) =>
    isPlain(node) && typeof node === 'string' && (startedBy(base).test(node) || isSurelySet(scripts, node))
  const bodies = Object.values(scripts).map(({shebang, body}) => ({body, first: shebang === '' ? 1 : 2}))
  const there = bodies.map(({body, first}) => nodeAt(body, (line ?? 0) - first)).filter(node => node !== undefined)
  const named = there.filter(node => renderNodes([node]).includes(base) || renderNodes([node]).includes('$'))
  const asked = named.length > 0 ? named : bodies.flatMap(({body}) => body)
  return !asked.some(mayStart)
}

/** Whether a command is named by a variable, or by the parameters, and no compound command sets these. */
function isSurelySet(scripts: StartScript['scripts'], node: string): boolean {
  const name = /^(?:exec )?"?\$\{?(\w+|@)/.exec(node)?.[1]
  if (name === undefined) return false
  const sets = name === '@' || /^\d/.test(name) ? /\b(set|shift) / : new RegExp(`\\b${name}=|\\bread .*\\b${name}\\b`)
  const others = Object.values(scripts).flatMap(({body}) => body)
  return !others.some(other => !isPlain(other) && sets.test(renderNodes([other])))
}

function isPlain(node: Node): boolean {
  return typeof node === 'string' && !/&&|\|\||\bif\b/.test(node)
}

/** The command that stands at a line of a body, counted from 0. */
function nodeAt(body: readonly Node[], line: number): Node | undefined {
  let at = 0
  return body.find(node => {
    const from = at
    at += renderNodes([node]).split('\n').length
    return line >= from && line < at
  })
}
