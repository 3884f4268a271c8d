import {readFileSync} from 'node:fs'
import {build, type Plugin, transformSync} from 'esbuild'
import {createInstrumenter} from 'istanbul-lib-instrument'
import {sourceWords} from './words.ts'

/** The name of the global object in which Istanbul counts. */
export const COUNTERS = '__fuzz_counters__'

/** A target in one file, in which every place of `src/` counts how often it is reached. */
export interface InstrumentedTarget {
  readonly file: string
  /** What stands in the source as text or number: inputs that contain it get further. */
  readonly words: readonly Uint8Array[]
}

/** Bundles `scripts/fuzz/targets/NAME.ts` into a file. */
export async function instrumentTarget(name: string, outfile: string): Promise<InstrumentedTarget> {
  const sources: string[] = []
  await build({
    entryPoints: [`scripts/fuzz/targets/${name}.ts`],
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    outfile,
    banner: {js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);"},
    plugins: [instrumented(sources)],
    logLevel: 'error',
  })
  return {file: outfile, words: sourceWords(sources)}
}

function instrumented(sources: string[]): Plugin {
  const instrumenter = createInstrumenter({esModules: true, coverageVariable: COUNTERS, preserveComments: false})
  return {
    name: 'instrumented',
    setup: ({onLoad}) => {
      onLoad({filter: /\/src\/.*\.ts$/}, ({path}) => {
        const source = readFileSync(path, 'utf8')
        sources.push(source)
        const {code} = transformSync(source, {loader: 'ts', format: 'esm', target: 'node24', sourcefile: path})
        return {contents: instrumenter.instrumentSync(code, path), loader: 'js'}
      })
    },
  }
}
