import {type LayoutImage, layoutOf} from '../support/layout-builder.ts'
import {right} from './publish.ts'

/**
 * An incident whose thread names the line of the Dockerfile that it came from: the file
 * as that says, and mended as that says.
 */
export interface DockerfileRecipe {
  readonly id: string
  readonly broken: string
  readonly repaired: string
  readonly finds: {readonly rule: string; readonly line: number; readonly level: 'error' | 'warning'}
  /** What stands in registries at the references that the files name. */
  readonly bases: Readonly<Record<string, LayoutImage>>
}

const BOTH = ['linux/amd64', 'linux/arm64']
/** Of all bases in turn: an index of two platforms, and its amd64 manifest alone. */
const INDEX = right(BOTH)
const AMD64: LayoutImage = {platforms: right(['linux/amd64']).platforms, root: 'manifest'}
const BASES = ['golang:1.22', 'alpine:3.20', 'debian:12', 'node:24-alpine', 'ubuntu:24.04', 'gcr.io/distroless/static']

/** The root cause of an incident as its thread tells it; the rest of each file is what such a file needs. */
export const DOCKERFILES: readonly DockerfileRecipe[] = [
  argument('INC-009', 'ARG TARGETARCH=amd64', 'ARG TARGETARCH', '$TARGETARCH'),
  argument('INC-013', 'ARG TARGETPLATFORM=linux/amd64', 'ARG TARGETPLATFORM', '$TARGETPLATFORM'),
  argument('INC-019', 'ARG TARGETOS=linux TARGETARCH=amd64', 'ARG TARGETOS TARGETARCH', '$TARGETOS/$TARGETARCH'),
  lines('INC-025', {
    before: ['FROM --platform=$BUILDPLATFORM golang:1.22 AS build', 'ARG TARGETARCH', 'COPY . .'],
    broken: 'RUN CGO_ENABLED=0 GOOS=linux GOARCH=amd64 go build -o /backend ./cmd/backend',
    repaired: 'RUN CGO_ENABLED=0 GOOS=linux GOARCH=$TARGETARCH go build -o /backend ./cmd/backend',
    after: ['FROM gcr.io/distroless/static', 'COPY --from=build /backend /app/backend', 'ENTRYPOINT ["/app/backend"]'],
    rule: 'hardcoded-platform',
    level: 'warning',
  }),
  argument('INC-037', 'ARG TARGETPLATFORM=linux/amd64', 'ARG TARGETPLATFORM', '$TARGETPLATFORM'),
  lines('INC-039', {
    broken: 'FROM --platform=$BUILDPLATFORM alpine:3.20',
    repaired: 'FROM alpine:3.20',
    after: ['ARG TARGETARCH', 'COPY out/$TARGETARCH/berglas /bin/berglas', 'ENTRYPOINT ["/bin/berglas"]'],
    rule: 'build-platform-in-final-stage',
  }),
  lines('INC-043', {
    broken: 'FROM --platform=$BUILDPLATFORM alpine:3.20',
    repaired: 'FROM --platform=$TARGETPLATFORM alpine:3.20',
    after: ['RUN apk add --no-cache python3 libreoffice', 'COPY entrypoint.sh /', 'ENTRYPOINT ["/entrypoint.sh"]'],
    rule: 'build-platform-in-final-stage',
  }),
  lines('INC-045', {
    before: ['FROM --platform=$BUILDPLATFORM node:24-alpine AS build', 'COPY . .', 'RUN npm ci && npm run build'],
    broken: 'FROM --platform=$BUILDPLATFORM gcr.io/distroless/static',
    repaired: 'FROM gcr.io/distroless/static',
    after: ['COPY --from=build /dist /public'],
    rule: 'build-platform-in-final-stage',
  }),
  pinned('INC-047', 'node:24-alpine'),
  pinned('INC-049', 'node:24-alpine'),
  pinned('INC-051', 'ubuntu:24.04'),
  lines('INC-061', {
    before: ['FROM debian:12', 'ARG TARGETARCH'],
    broken: 'ADD https://github.com/krallin/tini/releases/download/v0.19.0/tini-amd64 /tini',
    repaired: 'ADD https://github.com/krallin/tini/releases/download/v0.19.0/tini-$TARGETARCH /tini',
    after: ['RUN chmod +x /tini', 'ENTRYPOINT ["/tini", "--"]'],
    rule: 'hardcoded-platform',
    level: 'warning',
  }),
  lines('INC-073', {
    before: ['FROM alpine:3.20', 'ARG TARGETARCH', 'RUN apk add --no-cache curl'],
    broken: 'RUN curl -fsSL https://get.helm.sh/helm-v3.9.0-linux-amd64.tar.gz | tar -xz -C /usr/local/bin',
    repaired: 'RUN curl -fsSL https://get.helm.sh/helm-v3.9.0-linux-$TARGETARCH.tar.gz | tar -xz -C /usr/local/bin',
    after: ['CMD ["/usr/local/bin/helmfile"]'],
    rule: 'hardcoded-platform',
    level: 'warning',
  }),
]

/** A default that shadows what the builder would say. */
function argument(id: string, broken: string, repaired: string, used: string): DockerfileRecipe {
  return lines(id, {
    before: ['FROM debian:12'],
    broken,
    repaired,
    after: [`COPY out/${used}/app /usr/local/bin/app`, 'ENTRYPOINT ["/usr/local/bin/app"]'],
    rule: 'platform-arg-default',
  })
}

/** A base pinned to the manifest of one platform; mended, to its index. */
function pinned(id: string, tag: string): DockerfileRecipe {
  const [manifest, index] = [`${tag}@${digestOf(AMD64)}`, `${tag}@${digestOf(INDEX)}`]
  const recipe = lines(id, {
    broken: `FROM ${manifest}`,
    repaired: `FROM ${index}`,
    after: ['COPY . /app', 'CMD ["/app/start"]'],
    rule: 'base-single-platform',
  })
  return {...recipe, bases: {...recipe.bases, [manifest]: AMD64, [index]: INDEX}}
}

interface Lines {
  readonly before?: readonly string[]
  readonly broken: string
  readonly repaired: string
  readonly after: readonly string[]
  readonly rule: string
  readonly level?: 'error' | 'warning'
}

function lines(id: string, {before = [], broken, repaired, after, rule, level = 'error'}: Lines): DockerfileRecipe {
  const text = (line: string) => `${[...before, line, ...after].join('\n')}\n`
  return {
    id,
    broken: text(broken),
    repaired: text(repaired),
    finds: {rule, line: before.length + 1, level},
    bases: Object.fromEntries(BASES.map(name => [name, INDEX])),
  }
}

function digestOf(image: LayoutImage): string {
  const [root] = layoutOf(image).roots
  if (root === undefined) throw new Error('an image without a root')
  return root.digest
}
