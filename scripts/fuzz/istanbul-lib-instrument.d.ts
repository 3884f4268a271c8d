/** The part of it that is used here. */
declare module 'istanbul-lib-instrument' {
  interface Instrumenter {
    instrumentSync(code: string, filename: string): string
  }
  export function createInstrumenter(options: {
    readonly esModules: boolean
    readonly coverageVariable: string
    readonly preserveComments: boolean
  }): Instrumenter
}
