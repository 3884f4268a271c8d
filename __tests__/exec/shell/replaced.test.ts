import {describe, expect, test} from '@jest/globals'
import {follow} from './follow-script.ts'

describe('a program that is replaced and started once more is two', () => {
  test.each<[script: string, starts: readonly string[]]>([
    ['/app; cp /arm /app\n/app', ['? /app', '/app refused']],
    ['/app; printf "exec /arm" > /app\n/app', ['? /app', '/app', '/arm refused']],
    ['/app & wait\nprintf "exec /arm" > /app\n/app & wait', ['? /app', '? /app', '? /arm refused']],
    ['if unknown; then /app; printf "exec /arm" > /app; /app; fi', ['? /app', '? /app', '? /arm refused']],
    // Nothing was put there.
    ['/app & wait\n/app & wait', ['? /app']],
  ])('%j', async (script, starts) => {
    expect(await follow(script)).toEqual(starts)
  })
})
