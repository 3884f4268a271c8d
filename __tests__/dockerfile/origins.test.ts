import {describe, expect, test} from '@jest/globals'
import {lintDockerfile, originsOf, suspectsFor} from '../../src/dockerfile/index.ts'
import {parseDockerfile} from '../../src/dockerfile/parse.ts'

function parsed(text: string) {
  const result = parseDockerfile(text)
  if (!result.ok) throw new Error(result.problem)
  return result.value
}

/** The likeliest way as `LINE KIND PATH`, with its certainty. */
function firstWay(text: string, path: string, stage?: string): readonly string[] {
  const [origin] = originsOf(parsed(text), {path, ...(stage === undefined ? {} : {stage})})
  return origin === undefined
    ? []
    : [origin.certainty, ...origin.steps.map(({line, kind, path: at}) => `${line} ${kind} ${at}`)]
}

const GO = `FROM golang:1 AS build
WORKDIR /src
COPY . .
ARG TARGETARCH
RUN go mod download && \\
    # for the image
    GOARCH=amd64 \\
    go build -o /out/app ./cmd/app
FROM alpine:3
ADD https://example.com/tini-amd64 /tini
RUN chmod +x /tini && apk add curl
COPY --from=build /out/ /usr/local/bin/
COPY --from=busybox /bin/busybox /bb
COPY <<EOF /etc/app
x
EOF
COPY --from=build /src/run.sh /app/`

describe('the way of a file into the image', () => {
  test.each([
    ['/usr/local/bin/app', ['likely', '12 stage /usr/local/bin/app', '8 run /out/app']],
    ['/tini', ['certain', '10 url /tini']],
    ['/bb', ['certain', '13 image /bb']],
    ['/etc/app', ['certain', '14 inline /etc/app']],
    ['/app/run.sh', ['likely', '17 stage /app/run.sh', '3 context /src/run.sh']],
    ['/bin/sh', ['possible', '9 base /bin/sh']],
    ['/usr/bin/curl', ['likely', '11 run /usr/bin/curl']],
  ])('%s', (path, expected) => {
    expect(firstWay(GO, path)).toEqual(expected)
  })

  test.each([
    ['a working directory', 'FROM scratch\nWORKDIR /a\nWORKDIR b\nCOPY x y', '/a/b/y', ['certain', '4 context /a/b/y']],
    [
      'the base’s own working directory',
      'FROM a\nCOPY x bin/app',
      '/srv/bin/app',
      ['certain', '2 context /srv/bin/app'],
    ],
    ['several sources', 'FROM scratch\nCOPY a b /d', '/d/b', ['certain', '2 context /d/b']],
    ['a directory', 'FROM scratch\nCOPY out /d', '/d/x/y', ['likely', '2 context /d/x/y']],
    ['a pattern', 'FROM scratch\nCOPY out/*.so /lib/', '/lib/a.so', ['likely', '2 context /lib/a.so']],
    ['a variable', 'ARG N=app\nFROM scratch\nARG N\nCOPY x /$N', '/app', ['certain', '4 context /app']],
    ['the later COPY', 'FROM scratch\nCOPY a /x\nCOPY b /x', '/x', ['certain', '3 context /x']],
    ['a RUN that writes it later', 'FROM a\nCOPY a /x\nRUN wget -O /x b', '/x', ['likely', '3 run /x']],
    ['a RUN that only touches it', 'FROM a\nCOPY a /x\nRUN chmod +x /x', '/x', ['certain', '2 context /x']],
    ['a stage FROM a stage', 'FROM a AS b\nCOPY x /x\nFROM b', '/x', ['certain', '2 context /x']],
    [
      'a stage by its index',
      'FROM a\nRUN gcc -o /x x.c\nFROM scratch\nCOPY --from=0 /x /y',
      '/y',
      ['likely', '4 stage /y', '2 run /x'],
    ],
    ['--parents', 'FROM scratch\nCOPY --parents a/b /d/', '/d/a/b', ['certain', '2 context /d/a/b']],
    ['an ONBUILD of the stage below', 'FROM a AS b\nONBUILD COPY x /x\nFROM b', '/x', ['certain', '2 context /x']],
    ['nothing but the base', 'FROM a', '/usr/bin/x', ['certain', '1 base /usr/bin/x']],
    ['nothing at all', 'FROM scratch', '/x', []],
  ])('%s', (_, text, path, expected) => {
    expect(firstWay(text, path)).toEqual(expected)
  })

  test('another stage than the last', () => {
    expect(firstWay('FROM scratch AS one\nCOPY a /x\nFROM scratch\nCOPY b /x', '/x', 'one')).toEqual([
      'certain',
      '2 context /x',
    ])
  })

  test('many COPYs of many stages end', () => {
    const stages = Array.from({length: 30}, (_, index) => [
      `FROM a AS s${index}`,
      ...(index === 0 ? ['RUN make'] : Array.from({length: 10}, () => `COPY --from=s${index - 1} /d /d`)),
    ])
    expect(originsOf(parsed(stages.flat().join('\n')), {path: '/d/x'}).length).toBeGreaterThan(0)
  })
})

describe('suspects', () => {
  test('the line of the RUN that made the program', () => {
    const dockerfile = parsed(GO)
    const [origin] = originsOf(dockerfile, {path: '/usr/local/bin/app'})
    if (origin === undefined) throw new Error('no origin')
    const [first] = suspectsFor(dockerfile, origin, {platforms: [{os: 'linux', architecture: 'arm64', variant: ''}]})
    expect(first).toMatchObject({
      rule: 'hardcoded-platform',
      line: 7,
      endLine: 7,
      fix: 'GOARCH=$TARGETARCH \\',
    })
  })

  test('what is in the way, and not what is elsewhere', () => {
    const dockerfile = parsed(GO)
    const [origin] = originsOf(dockerfile, {path: '/tini'})
    if (origin === undefined) throw new Error('no origin')
    const options = {platforms: [{os: 'linux', architecture: 'arm64', variant: ''}]}
    expect(lintDockerfile(dockerfile, options).map(({line}) => line)).toEqual([7, 10])
    expect(suspectsFor(dockerfile, origin, options).map(({line}) => line)).toEqual([10])
  })
})
