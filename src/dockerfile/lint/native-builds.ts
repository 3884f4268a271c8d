import {defined} from '../../lib/defined.ts'
import type {Dockerfile, Instruction} from '../model.ts'
import {scriptOf} from '../script.ts'
import type {PlatformBuild, Sighting} from './context.ts'
import {type Mend, withArgsAbove} from './edit.ts'
import {withArgs} from './fix.ts'
import {makesPrograms, nameOf, platformRole} from './stage-platforms.ts'

/**
 * Compilers that make programs for their own machine where no option says otherwise; `make` may
 * make anything, so it is not among them.
 */
const COMPILES = /(?:^|[\s;&|("'])(?<command>go\s+build|cargo\s+build|rustc|gcc|g\+\+|swift\s+build)(?=\s|$)/m

/**
 * A stage on `--platform=$BUILDPLATFORM` that compiles and names nothing of the target: what it makes is for the
 * machine that builds, and the image takes it.
 */
export function* findNativeBuilds(build: PlatformBuild, platformCount: number): Generator<Sighting> {
  // For one platform alone the machine that builds may well be of that platform; of several, one is linux/amd64.
  if (platformCount === 1 || build.platform.architecture === 'amd64') return
  for (const stage of build.reachable) {
    if (platformRole(stage) !== 'build' || build.finalLine.includes(stage) || !makesPrograms(stage, build)) continue
    for (const {instruction} of stage.instructions) {
      if (instruction.kind !== 'run') continue
      const script = scriptOf(instruction)
      const match = COMPILES.exec(script.text)
      const command = match?.groups?.command
      if (match === null || command === undefined) continue
      const line = script.lineAt(match.index + match[0].indexOf(command))
      yield {
        rule: 'hardcoded-platform',
        level: 'warning',
        stage: stage.stage.index,
        line,
        endLine: line,
        message: `${command} in the stage ${nameOf(stage)}, which is on $BUILDPLATFORM and does not use the target platform: its programs are for the build machine`,
        ...mendOf(build.resolved.dockerfile, {command, instruction, line, from: stage.stage.from.line}),
      }
      break
    }
  }
}

function mendOf(
  dockerfile: Dockerfile,
  at: {readonly command: string; readonly instruction: Instruction; readonly line: number; readonly from: number},
): Mend {
  const {command, instruction, line, from} = at
  if (!command.startsWith('go')) {
    return {fix: `Compile for $TARGETPLATFORM, or remove --platform=$BUILDPLATFORM from line ${from}.`}
  }
  const source = dockerfile.lines[line - 1] ?? ''
  const names = ['TARGETOS', 'TARGETARCH']
  const text = source.replace(command, () => `GOOS=$TARGETOS GOARCH=$TARGETARCH ${command}`)
  return {
    fix: withArgs(names, instruction.line, text.trim(), line),
    ...defined({edit: withArgsAbove(dockerfile, instruction, {names, line, text})}),
  }
}
