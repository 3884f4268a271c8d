// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of Dockerfiles
import {expect, test} from '@jest/globals'
import fc from 'fast-check'
import {buildsOf, lintBuilds, lintDockerfile, originsOf} from '../../src/dockerfile/index.ts'
import {parseDockerfile} from '../../src/dockerfile/parse.ts'
import {scriptOf} from '../../src/dockerfile/script.ts'
import {cpuTime} from '../support/cpu-time.ts'
import {anyText} from '../support/hostile-text.ts'
import {testPlatform} from '../support/memory-source.ts'

const PLATFORMS = ['linux/amd64', 'linux/arm64', 'linux/arm/v7'].map(testPlatform)

const word = fc.constantFrom(
  ...[
    'a',
    'b',
    'scratch',
    'AS',
    '0',
    '1',
    '/',
    '.',
    '/a/b',
    './',
    '*',
    '--from=a',
    '--from=0',
    '--from',
    '--platform=$BUILDPLATFORM',
  ],
  ...[
    '--platform=linux/amd64',
    '--platform=',
    '--mount=from=a,target=/x',
    '--parents',
    '--',
    '$A',
    '${A}',
    '${A:-b}',
    '${A',
    '${A//a/b}',
  ],
  ...[
    'TARGETARCH=amd64',
    'TARGETARCH',
    'A=1',
    'A="x y"',
    "A='",
    'GOARCH=amd64',
    'GOARCH=$TARGETARCH',
    'go',
    'build',
    '-o',
    '/app',
  ],
  ...[
    'https://x/y-amd64',
    '["a", "b"]',
    '["a"',
    '<<EOF',
    '<<-EOF',
    "<<'E F'",
    '<<<x',
    'EOF',
    '\\',
    '\\\\',
    '`',
    '"',
    "'",
    '#',
    '\u0000',
    '\u2028',
  ],
)
const keyword = fc.constantFrom(
  ...[
    'FROM',
    'from',
    'RUN',
    'COPY',
    'ADD',
    'ARG',
    'ENV',
    'WORKDIR',
    'ONBUILD',
    'ONBUILD COPY',
    'LABEL',
    'CMD',
    'SHELL',
    'EOF',
    '#',
    '# escape=`',
    '',
  ],
)
const line = fc
  .tuple(keyword, fc.array(word, {maxLength: 6}), fc.constantFrom('', ' \\', '\\', '\r', ' '))
  .map(([first, words, end]) => `${[first, ...words].join(' ')}${end}`)
const soup = fc
  .tuple(
    fc.constantFrom('', 'FROM a\n', 'ARG A\nFROM a AS a\n', '\uFEFF', '# syntax=x/y\n'),
    fc.array(line, {maxLength: 14}),
  )
  .map(([start, lines]) => start + lines.join('\n'))

test('instructions in any order are read or refused, never thrown at', () => {
  let readable = 0
  fc.assert(
    fc.property(soup, text => {
      const parsed = parseDockerfile(text)
      const count = text.split('\n').length
      if (!parsed.ok) {
        expect(parsed.line).toBeGreaterThanOrEqual(1)
        expect(parsed.line).toBeLessThanOrEqual(count)
        return
      }
      readable++
      for (const {instructions} of parsed.value.stages) {
        for (const instruction of instructions) {
          expect(instruction.endLine).toBeGreaterThanOrEqual(instruction.line)
          expect(instruction.endLine).toBeLessThanOrEqual(count)
          if (instruction.kind !== 'run') continue
          const script = scriptOf(instruction)
          for (const offset of [0, script.text.length - 1, script.text.length]) {
            expect(script.lineAt(offset)).toBeGreaterThanOrEqual(instruction.line)
            expect(script.lineAt(offset)).toBeLessThanOrEqual(instruction.endLine)
          }
        }
      }
      for (const problem of lintDockerfile(parsed.value, {platforms: PLATFORMS})) {
        expect(problem.line).toBeLessThanOrEqual(problem.endLine)
        expect(problem.platforms).not.toEqual([])
        expect(problem.fix).not.toBe('')
      }
      for (const {steps} of originsOf(parsed.value, {path: '/a/b'})) expect(steps).not.toEqual([])
      lintBuilds(buildsOf(parsed.value, {platforms: undefined}))
    }),
    {numRuns: 1000},
  )
  expect(readable).toBeGreaterThan(30)
})

test('any text is read or refused', () => {
  fc.assert(
    fc.property(anyText(200), text => {
      expect(typeof parseDockerfile(`FROM a\n${text}`).ok).toBe('boolean')
      expect(typeof parseDockerfile(text).ok).toBe('boolean')
    }),
    {numRuns: 300},
  )
})

test('large files take no long time', () => {
  const texts = [
    `FROM a\nRUN ${'cp cp '.repeat(5_000)}`,
    `FROM a\nRUN ${'x-amd64/'.repeat(5_000)}`,
    `FROM a\nRUN ${'cargo build '.repeat(3_000)}`,
    `FROM a\nRUN ${'A=b '.repeat(5_000)}go build`,
    `FROM a\n${'RUN GOARCH=amd64 go build\n'.repeat(500)}`,
    `FROM a\nRUN https://${'a'.repeat(100_000)}`,
    `FROM a\nENV A=${'"'.repeat(50_000)}`,
    `FROM a\nRUN ${'GOARCH=amd64 '.repeat(2000)}`,
    `FROM a\nRUN ${'echo $TARGETARCH '.repeat(20_000)}`,
    `FROM a\nRUN ${'${TARGETARCH:-'.repeat(20_000)}`,
    `FROM a\nRUN ${'"\'$TARGETARCH '.repeat(20_000)}`,
    `FROM --platform=$BUILDPLATFORM a AS b\nRUN uname -m ${'-C /aaaa -o /b '.repeat(20_000)}\nFROM a\nCOPY --from=b /q /q`,
    `FROM --platform=$BUILDPLATFORM a AS b\n${'RUN uname -m\n'.repeat(500)}FROM a\n${'COPY --from=b /q /q\n'.repeat(500)}`,
  ]
  for (const text of texts) {
    const start = cpuTime()
    const parsed = parseDockerfile(text)
    if (parsed.ok) {
      lintDockerfile(parsed.value, {platforms: PLATFORMS})
      originsOf(parsed.value, {path: '/a/cp'})
    }
    expect([text.slice(0, 30), cpuTime() - start < 10_000]).toEqual([text.slice(0, 30), true])
  }
})
