import {isAscii} from 'node:buffer'
import {readCommand} from '../../../src/exec/command.ts'
import {layerInfos, parseConfig} from '../../../src/image/parse-config.ts'
import {type FuzzTarget, holds, texts} from '../target.ts'

/** Configs of images. */
export const target: FuzzTarget = {
  name: 'config',
  seeds: () =>
    texts(
      `{"architecture":"arm64","os":"linux","variant":"v8","created":"2026-01-02T03:04:05.678Z","config":{"Entrypoint":["/app"],"Cmd":["-v"],"Env":["PATH=/bin","A"],"WorkingDir":"/w","User":"1:2","Volumes":{"/d":{}},"Healthcheck":{"Test":["CMD","x"],"Interval":30000000000},"ExposedPorts":{"80/tcp":{}},"Labels":{"a":"b"},"ArgsEscaped":true},"rootfs":{"type":"layers","diff_ids":["sha256:${'ab'.repeat(32)}"]},"history":[{"created_by":"COPY a b","empty_layer":true},{"created_by":"RUN x"}]}`,
      '{"architecture":"amd64","Architecture":"arm64","architecture":null,"config":{"Entrypoint":["/app"],"entrypoint":null}}',
      '{"os":"windows","os.version":"10.0.20348.1","os.features":["win32k"],"config":null,"rootfs":null}',
      '{"config":{"Cmd":["a"]},"config":{"cmd":["b"],"Healthcheck":{"Test":[]}},"container_config":{},"Size":5}',
      '{}',
    ),
  limit: 3000,
  millisecondsPerKiB: 30,
  words: ['null', '[null]', '"Config":', '\\u017f', '\\u212a', '{}', '[]', '"entrypoint":', '1.0', '-1'],
  run: input => {
    const parsed = parseConfig(input)
    if (!parsed.ok) return parsed
    if (isAscii(input)) JSON.parse(Buffer.from(input).toString('latin1'))
    const {value} = parsed.value
    const digest = value.diffIds[0]
    const layers = digest === undefined ? [] : [{mediaType: 'x', digest, size: 1, annotations: {}}]
    const {argv} = readCommand(value)
    holds(argv.length === value.entrypoint.length + value.cmd.length, 'all words of what is started')
    return [parsed, argv, layerInfos(layers, value.history)]
  },
}
