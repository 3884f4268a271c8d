import {defined} from '../../lib/defined.ts'
import {LIMITS} from '../../lib/limits.ts'
import {type Process, resolve} from '../resolved-path.ts'
import type {WorldView} from '../world/view.ts'

/** The package that a program is built from, by what stands in its file. */
export interface PackageVersion {
  readonly name: 'util-linux' | 'coreutils' | 'shadow' | 'openrc'
  /** The programs of shadow and OpenRC do not name theirs. */
  readonly version?: readonly number[]
}

/** The largest program that is searched, in bytes: a multi-call one has more than one name's worth. */
const MAX_SIZE = LIMITS['busybox-bytes'].most

interface Mark {
  readonly name: PackageVersion['name']
  /** What stands in each program of the package. */
  readonly text: string
  readonly version?: RegExp
}

const MARKS: readonly Mark[] = [
  // include/c.h UTIL_LINUX_VERSION: "%s from util-linux 2.38.1"
  {name: 'util-linux', text: 'util-linux', version: /util-linux (\d+(?:\.\d+)+)/},
  // lib/version.c: a string of its own.
  {name: 'coreutils', text: 'GNU coreutils', version: /\0(\d\.\d+)\0/},
  // lib/gshadow.c: what no other package reads.
  {name: 'shadow', text: '/etc/gshadow'},
  // Its own library.
  {name: 'openrc', text: '\0librc.so.'},
]

/** Undefined where the file is not there, may be another, or names none that is known. */
export async function readPackageVersion(
  view: WorldView,
  process: Process,
  path: string,
): Promise<PackageVersion | undefined> {
  const {node, maybe} = await resolve(view, process, path)
  if (node?.kind !== 'file' || node.size > MAX_SIZE || maybe?.grade === 'replaced') return undefined
  const file = await view.open(node)
  return findPackageVersion(Buffer.from(await file.read(0, node.size)).toString('latin1'))
}

/** The first that stands in the bytes of a program. */
export function findPackageVersion(text: string): PackageVersion | undefined {
  for (const {name, text: mark, version} of MARKS) {
    if (!text.includes(mark)) continue
    const found = version?.exec(text)?.[1]
    if (version === undefined || found !== undefined) {
      return {name, ...defined({version: found?.split('.').map(Number)})}
    }
  }
  return undefined
}

/** Whether a version is the same as another, or comes after it; undefined where there is none. */
export function isFrom(version: readonly number[] | undefined, first: readonly number[]): boolean | undefined {
  if (version === undefined) return undefined
  for (const [at, number] of first.entries()) {
    const own = version[at] ?? 0
    if (own !== number) return own > number
  }
  return true
}
