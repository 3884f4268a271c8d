import {decodeText} from '../lib/byte-view.ts'
import {defined} from '../lib/defined.ts'

/** What `go build` records in a program (`go version -m`). */
export interface GoBuildInfo {
  /** `go1.26.1`, or what a development toolchain calls itself. */
  readonly version: string
  /** The package that was built. */
  readonly path?: string
  /** The main module. */
  readonly module?: {readonly path: string; readonly version: string}
  /** GOOS, GOARCH, GOARM, CGO_ENABLED, -buildmode…; empty before Go 1.18. */
  readonly settings: ReadonlyMap<string, string>
}

/** The 16 bytes that the linker puts before and after the text, cmd/go/internal/modload/build.go infoStart, infoEnd. */
const SENTINEL = 16
const NEWLINE = 0x0a

/**
 * Parses runtime/debug's text: `path\t…`, `mod\tPATH\tVERSION\tSUM`, `dep\t…`, `=>\t…`, `build\tKEY=VALUE`.
 * src/runtime/debug/mod.go ParseBuildInfo; keys and values with odd characters are quoted.
 */
export function parseModuleInfo(bytes: Uint8Array | undefined): Omit<GoBuildInfo, 'version'> {
  const settings = new Map<string, string>()
  if (!bytes || bytes.length < 2 * SENTINEL + 1 || bytes[bytes.length - SENTINEL - 1] !== NEWLINE) return {settings}
  let path: string | undefined
  let module: GoBuildInfo['module']
  for (const line of decodeText(bytes.subarray(SENTINEL, -SENTINEL)).split('\n')) {
    const [kind, first = '', second = ''] = line.split('\t')
    if (kind === 'path') path = first
    else if (kind === 'mod') module = {path: first, version: second}
    else if (kind === 'build') {
      const setting = parseSetting(line.slice('build\t'.length))
      if (setting) settings.set(...setting)
    }
  }
  return {...defined({path, module}), settings}
}

function parseSetting(text: string): [key: string, value: string] | undefined {
  const match = /^("(?:[^"\\]|\\.)*"|`[^`]*`|[^=]*)=(.*)$/.exec(text)
  const [, key = '', value = ''] = match ?? []
  return match && key !== '' ? [unquote(key), unquote(value)] : undefined
}

/** strconv.Unquote, as far as build settings need it; what cannot be read stays as it is. */
function unquote(text: string): string {
  if (/^`[^`]*`$/.test(text)) return text.slice(1, -1)
  if (!/^".*"$/.test(text)) return text
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'string' ? value : text
  } catch {
    return text
  }
}
