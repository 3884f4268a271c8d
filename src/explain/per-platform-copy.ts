import {posix} from 'node:path'
import type {OriginStep} from '../dockerfile/index.ts'

/**
 * A COPY that takes one file of the build context for every platform, with the file of each platform in its place;
 * undefined where the line does not say which file it is, or has chosen by platform already.
 */
export function perPlatformCopy({kind, instruction, source}: OriginStep): string | undefined {
  if (kind !== 'context' || instruction.kind !== 'copy') return undefined
  const [written = '', ...more] = instruction.sources
  const isOneFile = more.length === 0 && !/[$*?[\]]/.test(written) && posix.join('/', written) === source
  if (!isOneFile || !instruction.text.includes(written)) return undefined
  const own = posix.join(posix.dirname(written), '$TARGETARCH', posix.basename(written))
  return `${instruction.text.replace(written, () => own)} (after ARG TARGETARCH, with the file of each platform in a folder of its own)`
}
