import {describe, expect, test} from '@jest/globals'
import {resolveDockerfile} from '../../src/dockerfile/index.ts'
import {parseDockerfile} from '../../src/dockerfile/parse.ts'
import {alignHistory, mayBe} from '../../src/explain/match-history.ts'

// What the history says of these instructions, as BuildKit and the classic builder write it.
test.each<[string, string, boolean]>([
  ['COPY --from=build --link /out/app /app', 'COPY /out/app /app # buildkit', true],
  ['COPY --chmod=755 a b /bin/', 'COPY --chmod=755 a b /bin/ # buildkit', true],
  ['COPY --chmod=755 a b /bin/', 'COPY a /bin/ # buildkit', false],
  ['COPY bin/$TARGETARCH/app /app', 'COPY bin/arm64/app /app # buildkit', true],
  ['COPY app /app', 'ADD app /app # buildkit', false],
  ['COPY app /app', 'COPY app /app/app # buildkit', false],
  ['COPY app $HOME/app', 'COPY app /root/app # buildkit', true],
  ['COPY app $'.concat('{HOME}/app'), 'COPY app /root/tool # buildkit', false],
  ['COPY ["a b", "/c d"]', 'COPY a b /c d # buildkit', true],
  ['COPY a.c /x', 'COPY abc /x # buildkit', false],
  ['COPY ap /app', 'COPY /map /app # buildkit', false],
  ['ADD https://x.test/tool /tool', 'ADD https://x.test/tool /tool # buildkit', true],
  ['COPY app /app', '/bin/sh -c #(nop) COPY file:12ab34 in /app ', true],
  ['COPY app /app', '/bin/sh -c #(nop) ADD file:12ab34 in /app ', false],
  ['RUN make', 'RUN /bin/sh -c make # buildkit', true],
  ['RUN make', 'RUN |1 TARGETARCH=arm64 /bin/sh -c make # buildkit', true],
  ['RUN make', '/bin/sh -c make', true],
  ['RUN make', 'RUN /bin/sh -c cmake # buildkit', false],
  ['RUN make', '/bin/sh -c #(nop) CMD make', false],
  ['RUN a && \\\n    b', 'RUN /bin/sh -c a &&     b # buildkit', true],
  ['RUN <<EOT\na\nb\nEOT', 'RUN /bin/sh -c a\nb\n # buildkit', true],
  ['RUN ["make", "all"]', 'RUN make all # buildkit', true],
  ['WORKDIR /src', 'WORKDIR /src', true],
  ['WORKDIR /src', '/bin/sh -c #(nop) WORKDIR /src', true],
  ['WORKDIR /src', 'WORKDIR /', false],
  ['WORKDIR src', 'WORKDIR /src', true],
  ['WORKDIR ./src', 'WORKDIR /app/src', true],
  ['WORKDIR $HOME', 'WORKDIR /root', true],
  ['ENV A=b', 'ENV A=b', false],
])('%s / %s: %s', (instruction, createdBy, expected) => {
  const parsed = parseDockerfile(`FROM scratch\n${instruction}\n`)
  if (!parsed.ok) throw new Error(parsed.problem)
  const [written] = parsed.value.stages[0]?.instructions ?? []
  if (!written) throw new Error('no instruction')
  expect(mayBe(createdBy, written)).toBe(expected)
})

describe('the history and the stages', () => {
  const text = `FROM golang AS build
RUN go build
FROM alpine AS base
RUN apk add curl
FROM base AS final
WORKDIR /srv
COPY --from=build /out /srv
FROM final
COPY note /note
`
  const align = (history: readonly (string | undefined)[]) => {
    const parsed = parseDockerfile(text)
    const platform = {os: 'linux', architecture: 'amd64', variant: ''}
    const resolved = parsed.ok ? resolveDockerfile(parsed.value, {target: platform, build: platform}) : undefined
    const aligned = resolved?.ok ? alignHistory(resolved.value, history) : undefined
    return aligned && [aligned.stage.stage.index, ...Array.from(aligned.made, ([layer, {line}]) => [layer, line])]
  }
  const [base, apk, workdir, out, note] = [
    'ADD rootfs /',
    'RUN /bin/sh -c apk add curl',
    'WORKDIR /srv',
    'COPY /out /srv',
    'COPY note /note',
  ]

  test.each<[string, readonly (string | undefined)[], unknown]>([
    ['the last stage', [base, apk, workdir, out, note], [3, [4, 9], [3, 7], [2, 6], [1, 4]]],
    ['a folder that was there', [base, apk, out, note], [3, [3, 9], [2, 7], [1, 4]]],
    ['a target', [base, base, apk, workdir, out], [2, [4, 7], [3, 6], [2, 4]]],
    ['a stage of the build', [base, 'RUN /bin/sh -c go build'], [0, [1, 2]]],
    ['another Dockerfile', [base, apk, workdir, 'COPY dist /srv', note], undefined],
    ['something on top', [base, apk, workdir, out, note, 'RUN more'], undefined],
    ['too little', [note], undefined],
    ['no history', [undefined, undefined], undefined],
    ['nothing', [], undefined],
  ])('%s', (_, history, expected) => {
    expect(align(history)).toEqual(expected)
  })
})
