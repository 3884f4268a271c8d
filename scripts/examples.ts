/**
 * Builds the OCI layouts of the demo: examples/match, and examples/mismatch, whose arm64 image holds the amd64 program.
 */
import {rmSync} from 'node:fs'
import {buildLayout, type LayoutPlatform} from './support/layout-builder.ts'
import {type TinyArchitecture, tinyProgram} from './tiny-programs.ts'

function image(claimed: TinyArchitecture, program: TinyArchitecture): LayoutPlatform {
  return {
    platform: `linux/${claimed}`,
    config: {Entrypoint: ['hello'], Env: ['PATH=/usr/local/bin:/usr/bin:/bin']},
    layers: [
      {
        files: [{path: 'usr/local/bin/hello', content: tinyProgram(program)}],
        createdBy: `COPY bin/${program}/hello /usr/local/bin/hello # buildkit`,
      },
    ],
  }
}

for (const [name, arm64] of [
  ['match', 'arm64'],
  ['mismatch', 'amd64'],
] as const) {
  rmSync(`examples/${name}`, {recursive: true, force: true})
  buildLayout(`examples/${name}`, {platforms: [image('amd64', 'amd64'), image('arm64', arm64)], attestations: true})
}
