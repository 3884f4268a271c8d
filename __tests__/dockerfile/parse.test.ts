import {describe, expect, test} from '@jest/globals'
import type {Dockerfile} from '../../src/dockerfile/model.ts'
import {parseDockerfile} from '../../src/dockerfile/parse.ts'

/** The Dockerfile of a text that has one. */
function parsed(text: string): Dockerfile {
  const result = parseDockerfile(text)
  if (!result.ok) throw new Error(`${result.line}: ${result.problem}`)
  return result.value
}

/** Keyword and lines of each instruction of the last stage. */
function places(text: string): readonly string[] {
  const stage = parsed(text).stages.at(-1)
  return (stage?.instructions ?? []).map(({keyword, line, endLine}) => `${keyword} ${line}-${endLine}`)
}

describe('lines', () => {
  test.each([
    ['one after the other', 'FROM a\nRUN b\nCMD c', ['RUN 2-2', 'CMD 3-3']],
    ['CRLF', 'FROM a\r\nRUN b \\\r\n  c\r\nCMD d\r\n', ['RUN 2-3', 'CMD 4-4']],
    ['a byte order mark', '\uFEFFFROM a\nRUN b', ['RUN 2-2']],
    ['comments and empty lines in a continued line', 'FROM a\nRUN b \\\n # c \\\n\n  d\nCMD e', ['RUN 2-5', 'CMD 6-6']],
    ['white space behind the continuation', 'FROM a\nRUN b \\ \t\n c\nCMD d', ['RUN 2-3', 'CMD 4-4']],
    ['an escaped escape ends the line', 'FROM a\nRUN b \\\\\nCMD d', ['RUN 2-2', 'CMD 3-3']],
    ['another escape', '# escape=`\nFROM a\nRUN b `\n c\nRUN d \\\nCMD e', ['RUN 3-4', 'RUN 5-5', 'CMD 6-6']],
    ['the end of the file in a continued line', 'FROM a\nRUN b \\\n', ['RUN 2-2']],
    ['keywords in any case', 'from a\nrun b\nRuN c', ['RUN 2-2', 'RUN 3-3']],
    ['a heredoc', 'FROM a\nRUN <<EOF\nFROM x\nEOF\nCMD c', ['RUN 2-4', 'CMD 5-5']],
    ['several heredocs', 'FROM a\nCOPY <<A <<B /d/\n1\nB\nA\n2\nB\nCMD c', ['COPY 2-7', 'CMD 8-8']],
    ['a tabbed heredoc', 'FROM a\nRUN <<-EOF\n\tx\n\tEOF\nCMD c', ['RUN 2-4', 'CMD 5-5']],
    ['a tabbed heredoc, then one that is not', 'FROM a\nRUN <<-A <<B\n\tA\n\tB\nB\nCMD c', ['RUN 2-5', 'CMD 6-6']],
    ['a space before the end of a heredoc', 'FROM a\nRUN <<E\n E\nE\nCMD c', ['RUN 2-4', 'CMD 5-5']],
    ['a quoted heredoc', "FROM a\nRUN <<'E'\n$x\nE\nCMD c", ['RUN 2-4', 'CMD 5-5']],
    ['a heredoc of a command', 'FROM a\nRUN cat <<E > /f && true\nx\nE\nCMD c', ['RUN 2-4', 'CMD 5-5']],
    ['a heredoc behind ONBUILD', 'FROM a\nONBUILD RUN <<E\nx\nE\nCMD c', ['ONBUILD 2-4', 'CMD 5-5']],
    ['a here-string is no heredoc', 'FROM a\nRUN cat <<<E\nCMD c', ['RUN 2-2', 'CMD 3-3']],
    ['a shift is no heredoc', 'FROM a\nRUN echo $((1<<2))\nCMD c', ['RUN 2-2', 'CMD 3-3']],
    ['the JSON form has no heredoc', 'FROM a\nRUN ["cat", "<<E"]\nCMD c', ['RUN 2-2', 'CMD 3-3']],
    ['CMD has no heredoc', 'FROM a\nCMD cat <<E\nUSER c', ['CMD 2-2', 'USER 3-3']],
  ])('%s', (_, text, expected) => {
    expect(places(text)).toEqual(expected)
  })

  test('what belongs to a heredoc', () => {
    const [run] = parsed('FROM a\nRUN <<-"A" <<B\n\tone\nA\n\ttwo\nB\n').stages[0]?.instructions ?? []
    expect(run?.heredocs).toEqual([
      {name: 'A', chomps: true, expands: false, lines: [{line: 3, text: '\tone'}]},
      {name: 'B', chomps: false, expands: true, lines: [{line: 5, text: '\ttwo'}]},
    ])
  })
})

describe('instructions', () => {
  test.each([
    ['FROM a', {image: 'a'}],
    [
      'FROM --platform=$BUILDPLATFORM a:1@sha256:b AS Build',
      {image: 'a:1@sha256:b', platform: '$BUILDPLATFORM', name: 'build'},
    ],
    ['from  --platform="linux/arm64"\ta\tas\tb', {image: 'a', platform: 'linux/arm64', name: 'b'}],
  ])('%s', (text, from) => {
    expect(parsed(text).stages[0]?.from).toMatchObject(from)
  })

  test.each([
    [
      "ARG A B=1 C='x y' D=a\\ b",
      {
        variables: [
          {name: 'A', value: undefined},
          {name: 'B', value: '1'},
          {name: 'C', value: "'x y'"},
          {name: 'D', value: 'a\\ b'},
        ],
      },
    ],
    [
      'ENV A=1 B="x $Y"',
      {
        variables: [
          {name: 'A', value: '1'},
          {name: 'B', value: '"x $Y"'},
        ],
      },
    ],
    ["ENV A the  'rest'", {variables: [{name: 'A', value: "the  'rest'"}]}],
    ['COPY --from=Build --chown=1:1 --link a b /c/', {from: 'Build', sources: ['a', 'b'], destination: '/c/'}],
    ['COPY ["a b", "c"]', {sources: ['a b'], destination: 'c'}],
    ['COPY -- --from=x a', {sources: ['--from=x'], destination: 'a'}],
    ['ADD https://a/b /c', {keyword: 'ADD', sources: ['https://a/b'], destination: '/c'}],
    ['RUN ["a", "b c"]', {argv: ['a', 'b c']}],
    ['RUN ["a", b]', {arguments: '["a", b]'}],
    [
      'RUN --mount=type=bind,from=x,source=/a,dst=/b --mount=type=cache,target=/c go',
      {
        mounts: [
          {type: 'bind', from: 'x', source: '/a', target: '/b'},
          {type: 'cache', target: '/c'},
        ],
        arguments: 'go',
      },
    ],
    ['RUN --mount="type=bind,from=x y" go', {mounts: [{type: 'bind', from: 'x y'}], arguments: 'go'}],
    ['ONBUILD COPY --from=x a b', {trigger: {kind: 'copy', from: 'x', sources: ['a'], destination: 'b'}}],
    ['WORKDIR /a b', {path: '/a b'}],
  ])('%s', (text, instruction) => {
    expect(parsed(`FROM a\n${text}`).stages[0]?.instructions[0]).toMatchObject(instruction)
  })

  test('ARGs before the first FROM stand alone', () => {
    const {args, stages} = parsed('# syntax=docker/dockerfile:1\nARG A=1\nFROM a\nARG B\nFROM b')
    expect(args.map(({line}) => line)).toEqual([2])
    expect(stages.map(({index, instructions}) => [index, instructions.length])).toEqual([
      [0, 1],
      [1, 0],
    ])
  })

  test('directives', () => {
    expect(parsed('# Syntax = docker/dockerfile:1\n# check=skip=all\n# a\n# escape=`\nFROM a').directives).toEqual({
      syntax: 'docker/dockerfile:1',
      check: 'skip=all',
      escapeToken: '\\',
    })
  })
})

describe('what the builder refuses', () => {
  test.each([
    ['', 1, 'no FROM'],
    ['# only a comment', 1, 'no FROM'],
    ['RUN a\nFROM b', 1, 'RUN stands before the first FROM'],
    ['FROM', 1, 'FROM requires'],
    ['FROM a b', 1, 'FROM requires'],
    ['FROM a AS 1b', 1, 'invalid name for build stage'],
    ['FROM a\nFOO b', 2, 'unknown instruction: FOO'],
    ['FROM a\nRUN', 2, 'RUN requires'],
    ['FROM a\nCOPY a', 2, 'COPY requires'],
    ['FROM a\nENV A', 2, 'two arguments'],
    ['FROM a\nENV A=1 B', 2, "can't find ="],
    ['FROM a\n\nRUN <<E\nx', 3, 'unterminated heredoc E'],
    ['FROM a\nONBUILD FROM b', 2, "isn't allowed as an ONBUILD trigger"],
    ['# escape=x\nFROM a', 1, 'invalid escape token'],
    ['# escape=`\n# escape=`\nFROM a', 2, 'only one escape'],
  ])('%j', (text, line, problem) => {
    expect(parseDockerfile(text)).toEqual({ok: false, line, problem: expect.stringContaining(problem)})
  })

  test('a frontend of its own may know more instructions', () => {
    expect(places('# syntax=devthefuture/dockerfile-x\nFROM a\nINCLUDE b\nRUN c')).toEqual(['INCLUDE 3-3', 'RUN 4-4'])
    expect(parseDockerfile('# syntax=docker/dockerfile:1.7-labs\nFROM a\nINCLUDE b').ok).toBe(false)
  })
})
