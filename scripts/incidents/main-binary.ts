import {alpine, debian, distroless, file, link} from './files.ts'
import {glibcProgram, goProgram, type MachineName, muslProgram, staticProgram} from './machines.ts'
import {type Files, type Misbuild, misbuilt, platformOf, type Recipe} from './recipe.ts'

type Make = (machine: MachineName) => Uint8Array

/** A right root filesystem whose main program alone is of the wrong machine; the entrypoint is its path. */
function mainProgram(
  id: string,
  path: string,
  make: Make,
  base: Files | undefined,
  more: Partial<Misbuild> = {},
): Recipe {
  return misbuilt({
    id,
    parts: ['app'],
    ...(base ? {base} : {}),
    files: of => [file(path, make(of('app')))],
    process: {Entrypoint: [path]},
    finds: [{path}],
    ...more,
  })
}

/** As 1.23's: an argument vector for envoy, then `exec su-exec` unless the image or its user says otherwise. */
const ENVOY_ENTRYPOINT = `#!/usr/bin/env sh
set -e
user="$(id -u)"
if [ "\${1#-}" != "$1" ]; then
  set -- envoy "$@"
fi
if [ "$1" = envoy ] && [ -n "$loglevel" ]; then
  set -- "$@" --log-level "$loglevel"
fi
if [ "$ENVOY_UID" = 0 ] || [ "$user" != 0 ]; then
  exec "$@"
fi
chown envoy:envoy /dev/stdout /dev/stderr
exec su-exec root "$@"
`

/** Category main-binary-wrong-arch: the base is right, the product itself is not. */
export const MAIN_BINARY: readonly Recipe[] = [
  mainProgram('INC-001', '/bin/oauth2-proxy', goProgram, alpine, {on: 'linux/arm/v6'}),
  mainProgram('INC-003', '/node-problem-detector', glibcProgram, debian),
  mainProgram('INC-005', '/manager', goProgram, distroless),
  mainProgram('INC-007', '/bin/eth2-client-metrics-exporter', muslProgram, alpine),
  mainProgram('INC-009', '/usr/local/bin/liveagent-gateway', glibcProgram, debian),
  // Named without a directory, and so looked for in PATH.
  mainProgram('INC-011', '/usr/local/bin/varlock', glibcProgram, debian, {process: {Entrypoint: ['varlock']}}),
  mainProgram('INC-013', '/usr/bin/nvidia_gpu_exporter', goProgram, debian),
  mainProgram('INC-015', '/sidekick', goProgram, distroless, {
    on: 'linux/s390x',
    beside: ['linux/amd64', 'linux/ppc64le'],
  }),
  mainProgram('INC-017', '/cluster-proxy', goProgram, distroless, {lone: true}),
  mainProgram('INC-019', '/cloudflare-gateway-controller', goProgram, distroless),
  mainProgram('INC-021', '/root/trino-mcp', goProgram, alpine, {
    process: {WorkingDir: '/root', Entrypoint: ['./trino-mcp']},
    finds: [{path: './trino-mcp', resolved: '/root/trino-mcp'}],
  }),
  mainProgram('INC-023', '/configmap-reload', goProgram, distroless, {on: ['linux/arm', 'linux/arm64']}),
  twoImages(),
  mainProgram('INC-027', '/redis_exporter', goProgram, undefined),
  mainProgram('INC-029', '/apps/server', goProgram, debian),
  mainProgram('INC-031', '/usr/share/dotnet/dotnet', muslProgram, alpine, {
    files: of => [
      file('usr/share/dotnet/dotnet', muslProgram(of('app'))),
      link('usr/bin/dotnet', '/usr/share/dotnet/dotnet'),
      file('OpenIdConnectServerMock/OpenIdConnectServerMock.dll', 'MZ, managed code\n', 0o644),
    ],
    process: {WorkingDir: '/OpenIdConnectServerMock', Entrypoint: ['dotnet', 'OpenIdConnectServerMock.dll']},
    finds: [{path: '/usr/bin/dotnet', resolved: '/usr/share/dotnet/dotnet'}],
  }),
  ...onePushUnderTwoTags(),
  misbuilt({
    id: 'INC-037',
    base: debian,
    parts: ['envoy'],
    files: of => [
      file('usr/local/bin/envoy', glibcProgram(of('envoy'))),
      file('usr/local/bin/su-exec', glibcProgram(of('envoy'))),
      file('docker-entrypoint.sh', ENVOY_ENTRYPOINT),
    ],
    process: {Entrypoint: ['/docker-entrypoint.sh'], Cmd: ['envoy', '-c', '/etc/envoy/envoy.yaml']},
    finds: [
      {path: '/usr/local/bin/su-exec', says: '/docker-entrypoint.sh'},
      {path: '/usr/local/bin/envoy', says: 'su-exec'},
    ],
  }),
]

/** INC-025: two images of one release, each with a program of its own. */
function twoImages(): Recipe {
  const one = (path: string, image: number) => {
    const {broken, repaired, finds} = mainProgram('INC-025', path, goProgram, distroless)
    return {broken, repaired, finds: finds.map(found => ({...found, image}))}
  }
  const [backend, solver] = [one('/app/backend', 0), one('/app/cfsolver', 1)]
  return {
    id: 'INC-025',
    broken: {images: [...backend.broken.images, ...solver.broken.images]},
    repaired: {images: [...backend.repaired.images, ...solver.repaired.images]},
    finds: [...backend.finds, ...solver.finds],
  }
}

/** INC-035: latest-arm and latest-arm64 are one image; whichever it is, the other tag is wrong. */
function onePushUnderTwoTags(): Recipe[] {
  const contents = (machine: MachineName) => ({
    layers: [
      debian(machine),
      [file('usr/bin/dumb-init', staticProgram(machine)), file('app/collector', glibcProgram(machine))],
    ],
    process: {Entrypoint: ['/usr/bin/dumb-init', '--'], Cmd: ['/app/collector']},
  })
  const arm = platformOf('linux/arm/v7', contents('arm/v7'))
  const arm64 = platformOf('linux/arm64', contents('arm64'))
  // The config's platform is the image's own, whatever an index says of it.
  const arm64AsArm = {...arm64, platform: 'linux/arm/v7', configPlatform: 'linux/arm64'}
  return [
    {
      id: 'INC-035',
      way: 'the tag latest-arm',
      broken: {images: [{platforms: [arm64], root: 'manifest'}], platforms: ['linux/arm/v7']},
      repaired: {images: [{platforms: [arm], root: 'manifest'}], platforms: ['linux/arm/v7']},
      finds: [{rule: 'platform-missing', platform: 'linux/arm/v7'}],
    },
    {
      id: 'INC-035',
      way: 'both tags joined',
      broken: {images: [{platforms: [arm64AsArm, arm64]}]},
      repaired: {images: [{platforms: [arm, arm64]}]},
      finds: [
        {rule: 'wrong-machine', platform: 'linux/arm/v7', path: '/usr/bin/dumb-init'},
        {rule: 'config-platform-mismatch', platform: 'linux/arm/v7'},
      ],
    },
  ]
}
