import {expect, test} from '@jest/globals'
import {instructionsOf} from '../../src/cause/history.ts'
import {parseDockerfile} from '../../src/dockerfile/parse.ts'

// What the history says of these instructions, as BuildKit and the classic builder write it.
test.each<[string, string, boolean]>([
  ['COPY --from=build --link /out/app /app', 'COPY /out/app /app # buildkit', true],
  ['COPY --chmod=755 a b /bin/', 'COPY --chmod=755 a b /bin/ # buildkit', true],
  ['COPY --chmod=755 a b /bin/', 'COPY a /bin/ # buildkit', false],
  ['COPY bin/$TARGETARCH/app /app', 'COPY bin/arm64/app /app # buildkit', true],
  ['COPY app /app', 'ADD app /app # buildkit', false],
  ['COPY app /app', 'COPY app /app/app # buildkit', false],
  ['COPY app $HOME/app', 'COPY app /root/app # buildkit', false],
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
  ['ENV A=b', 'ENV A=b', false],
])('%s / %s: %s', (instruction, createdBy, expected) => {
  const parsed = parseDockerfile(`FROM scratch\n${instruction}\n`)
  if (!parsed.ok) throw new Error(parsed.problem)
  expect(instructionsOf(parsed.value, createdBy)).toHaveLength(expected ? 1 : 0)
})
