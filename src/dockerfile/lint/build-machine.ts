import {posix} from 'node:path'
import type {ResolvedStage} from '../resolve.ts'
import {scriptOf} from '../script.ts'
import {findWrite, hasName} from '../written-file.ts'
import {COMPILER} from './compilers.ts'
import {copiedFrom, type PlatformBuild, type Sighting} from './context.ts'
import {withoutComments} from './mentions.ts'
import {nameOf, platformRole} from './stage-platforms.ts'

/** How a script asks for the machine that it runs on. */
const ASKS_MACHINE =
  /\buname\s+-\w*[aimp]\w*|\b(?:dpkg|apk)\s+--print-arch(?:itecture)?\b|\$\(arch\)|`arch`|\brpm\s+(?:-E|--eval)\s*["']?%\{?_?(?:target_cpu|arch|build_arch)\b|\$\{?(?:HOSTTYPE|MACHTYPE|BUILDARCH|BUILDPLATFORM)\b|\bgo\s+env\s+GOARCH\b|\bplatform\.machine\(/

const FOLLOWS_TARGET = /\bTARGET(?:PLATFORM|OS|ARCH|VARIANT)\b|\bxx-[a-z]+/

/**
 * A stage on `--platform=$BUILDPLATFORM` asks `uname -m` for what the image takes out of it: that is the machine that
 * builds, whatever platform is built. Tools that the stage only uses may well be chosen so.
 */
export function* findBuildMachineAsked(build: PlatformBuild, platformCount: number): Generator<Sighting> {
  // For one platform alone the machine that builds may well be of that platform; of several, one is linux/amd64.
  if (platformCount === 1 || build.platform.architecture === 'amd64') return
  for (const stage of build.reachable) {
    if (platformRole(stage) !== 'build' || build.finalLine.includes(stage)) continue
    const taken = [...new Set(copiedFrom(stage, build))]
    if (taken.length === 0) continue
    for (const {instruction, isTrigger} of stage.instructions) {
      if (instruction.kind !== 'run' || isTrigger) continue
      const script = scriptOf(instruction)
      const text = withoutComments(script.text)
      const asked = ASKS_MACHINE.exec(text)
      if (asked === null || FOLLOWS_TARGET.test(text)) continue
      if (!COMPILER.test(text) && !taken.some(writtenBy(text))) continue
      const line = script.lineAt(asked.index)
      yield sighting(stage, asked[0], line, instruction.line)
    }
  }
}

function sighting(stage: ResolvedStage, asked: string, line: number, runLine: number): Sighting {
  const place = `the stage ${nameOf(stage)}, which is on $BUILDPLATFORM`
  return {
    rule: 'hardcoded-platform',
    level: 'warning',
    stage: stage.stage.index,
    line,
    endLine: line,
    message: `${asked} in ${place}, names the build machine, and what it chooses is copied into the image`,
    fix: `ARG TARGETARCH above line ${runLine}, and choose by $TARGETARCH instead of ${asked}`,
  }
}

/** Options behind which the directory stands that an archive is unpacked into. */
const UNPACKED_INTO = /\s(?:-[a-zA-Z]*[Cd]|--directory[= ])\s*["']?(?<path>\/[^\s"';&|)]*)/g
/** A file that is written at a place of its own: `-o /out/tool`. */
const WRITTEN_TO = /(?:\s-[a-zA-Z]*[oO][= ]?|--(?:output|output-document)[= ]|>)\s*["']?(?<path>\/[^\s"';&|)]+)/g

/** Tells which paths a script fetches or makes: it writes a file of that name, or unpacks into that directory. */
function writtenBy(text: string): (path: string) => boolean {
  const pathsOf = (pattern: RegExp): readonly string[] =>
    Array.from(text.matchAll(pattern), ({groups}) => (groups?.path ?? '').replace(/\/+$/, ''))
  const [unpacked, written] = [pathsOf(UNPACKED_INTO), pathsOf(WRITTEN_TO)]
  return path => {
    const wanted = path.replace(/\/?[^/]*[*?[].*$/s, '').replace(/\/+$/, '')
    // All of the stage is taken.
    if (wanted === '' || wanted === '.') return true
    if ([...unpacked, ...written].some(place => place === wanted || place.startsWith(`${wanted}/`))) return true
    if (!text.includes(posix.basename(wanted))) return false
    if (findWrite(text, wanted) !== null) return true
    return unpacked.some(directory => wanted.startsWith(`${directory}/`)) && hasName(text, wanted)
  }
}
