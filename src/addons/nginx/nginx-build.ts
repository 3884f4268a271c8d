import {readWhole} from '../../lib/bytes.ts'
import {LIMITS} from '../../lib/limits.ts'
import type {NativeFiles} from '../addon.ts'
import {fileAt} from '../files.ts'

/** With which paths an nginx was built. */
export interface NginxBuild {
  /** What `load_module` is relative to. */
  readonly prefix: string
  /** What it reads where its command names no other. */
  readonly configuration: string
}

/**
 * What `nginx -V` says, out of the program: the arguments of its configure script are one string in it.
 * Undefined where it has none. https://nginx.org/en/docs/configure.html
 */
export async function readNginxBuild(files: NativeFiles['files'], program: string): Promise<NginxBuild | undefined> {
  const node = await fileAt(files, program)
  if (node === undefined || node.size > LIMITS['server-program-bytes'].most) return undefined
  const bytes = await readWhole(await files.open(node), LIMITS['server-program-bytes'].most)
  return bytes === undefined ? undefined : parseConfigure(Buffer.from(bytes).toString('latin1'))
}

/** The paths among the arguments, which begin with a space each. */
export function parseConfigure(program: string): NginxBuild | undefined {
  const [, text] = /configure arguments:( --[^\0\n]*)/.exec(program) ?? []
  if (text === undefined) return undefined
  const option = (name: string): string | undefined => new RegExp(` --${name}=([^ ']+)`).exec(text)?.[1]
  const prefix = (option('prefix') ?? '/usr/local/nginx').replace(/\/+$/, '')
  const configuration = option('conf-path') ?? 'conf/nginx.conf'
  return {prefix, configuration: configuration.startsWith('/') ? configuration : `${prefix}/${configuration}`}
}
