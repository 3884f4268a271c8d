// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of Dockerfiles
import {buildsOf, lintBuilds, namedBases, originsOf} from '../../../src/dockerfile/index.ts'
import {parseDockerfile} from '../../../src/dockerfile/parse.ts'
import {scriptOf} from '../../../src/dockerfile/script.ts'
import type {Platform} from '../../../src/platform/index.ts'
import {type FuzzTarget, holds, texts} from '../target.ts'

const PLATFORMS = ['amd64', 'arm64', 'arm'].map((architecture): Platform => ({os: 'linux', architecture, variant: ''}))

/** Dockerfiles: parsed, linted, and asked where files come from. */
export const target: FuzzTarget = {
  name: 'dockerfile',
  seeds: () =>
    texts(
      '# syntax=docker/dockerfile:1\nFROM --platform=$BUILDPLATFORM golang:1.26 AS build\nARG TARGETOS TARGETARCH\nRUN GOOS=$TARGETOS GOARCH=amd64 go build -o /out/app\nFROM alpine\nCOPY --from=build /out/app /usr/bin/app\nENTRYPOINT ["/usr/bin/app"]\n',
      'ARG V=1\nFROM alpine:${V:-2} AS a\nENV A="x y" B=c\\ d\nWORKDIR /w\nADD https://example.com/x-amd64.tgz .\nONBUILD COPY a b\nSHELL ["/bin/sh", "-c"]\n',
      'FROM a\nRUN <<-EOF\n\tcurl -L x/linux-amd64\n\tEOF\nCOPY <<"E F" /x\n$A\nE F\nCMD x\n',
      '# escape=`\nFROM a`\n as b\nRUN --mount=type=cache,from=b,target=/x uname -m\nFROM b-${TARGETARCH}\nCOPY --from=0 /a/* /b/\n',
      'FROM --platform=linux/amd64 scratch\nCOPY --chmod=755 --link app-${TARGETARCH%v*} /app\nHEALTHCHECK CMD /app\nVOLUME ["/d"]\n',
      'FROM a AS build-amd64\nRUN make\nFROM build-${TARGETARCH}${TARGETVARIANT} AS c\nRUN cargo build --target x86_64-unknown-linux-musl\n',
    ),
  limit: 1500,
  millisecondsPerKiB: 300,
  words: [
    '\nFROM ',
    '\nRUN ',
    '\nCOPY ',
    '\nARG ',
    '\nENV ',
    '${A',
    '$TARGETARCH',
    '<<EOF',
    '\nEOF\n',
    ' \\\n',
    '--from=',
    ' AS ',
  ],
  run: input => {
    const text = Buffer.from(input).toString('utf8')
    const parsed = parseDockerfile(text)
    const count = text.split('\n').length
    if (!parsed.ok) {
      holds(parsed.line >= 1 && parsed.line <= count, `a problem in line ${parsed.line} of ${count}`)
      return parsed
    }
    for (const instruction of parsed.value.stages.flatMap(({instructions}) => instructions)) {
      const {line, endLine} = instruction
      holds(line >= 1 && endLine >= line && endLine <= count, `an instruction in lines ${line} to ${endLine}`)
      if (instruction.kind !== 'run') continue
      const script = scriptOf(instruction)
      const last = script.lineAt(script.text.length)
      holds(last >= line && last <= endLine, `a script that ends in line ${last}`)
    }
    const builds = buildsOf(parsed.value, {platforms: PLATFORMS})
    const lint = lintBuilds(builds)
    for (const {line, endLine, platforms, fix} of lint.problems) {
      holds(line <= endLine && endLine <= count && platforms.length > 0 && fix !== '', 'a problem that is somewhere')
    }
    return [parsed, lint, namedBases(builds), originsOf(parsed.value, {path: '/usr/bin/app'})]
  },
}
