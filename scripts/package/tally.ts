/** Counts what held and what did not, and says so as it goes. */
export function createTally(suite: string) {
  let passed = 0
  let failed = 0
  return {
    /** `problem`: undefined where it held. */
    tell(what: string, problem: string | undefined): void {
      if (problem === undefined) passed += 1
      else failed += 1
      console.log(problem === undefined ? `ok      ${what}` : `FAILED  ${what}\n${problem}`)
    },
    /** Throws where fewer than `least` were tried: a suite that tried nothing must not pass. */
    end(least: number): void {
      console.log(`${suite}: ${passed} passed, ${failed} failed`)
      if (passed + failed < least) throw new Error(`expected at least ${least} to be tried`)
      if (failed > 0) process.exitCode = 1
    },
  }
}

/** Undefined where both are the same text. */
export function differs(seen: string, expected: string): string | undefined {
  return seen === expected ? undefined : `expected:\n${expected}\nseen:\n${seen}`
}
