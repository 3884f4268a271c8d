import {UsageError} from '../../../src/errors.ts'
import {parseMetadata} from '../../../src/image/build-metadata.ts'
import {DEFAULTS, parseList, parseOptions, parseReasonedList} from '../../../src/pipeline/options.ts'
import {ignoreMatcher} from '../../../src/scan/ignore.ts'
import {type FuzzTarget, holds, texts} from '../target.ts'

const PATHS = ['/opt/sdk/bin/tool', '/usr/lib/x86_64-linux-gnu/libc.so.6', `/${'a'.repeat(60)}`, '/.hidden/{a,b}']

/** What a user writes: an input a line, `NAME=VALUE`, `\n` in a value written as `|`. */
export const target: FuzzTarget = {
  name: 'options',
  seeds: () =>
    texts(
      'image=ghcr.io/o/app:1|oci:dir:tag\nplatforms=linux/amd64, linux/arm/v7\nscope=all\nfail-on=warning',
      'image=app\nrules=wrong-machine=warning|missing-library=off # why\nignore=/opt/sdk/** # theirs|**/testdata/{a,b}/**',
      'metadata={"image.name":"a/b:1,a/c","containerimage.digest":"sha256:00"}\nconcurrency=16\ncache=true',
      'metadata={"buildx.build.ref":"x","app":{"image.name":"app:1","containerimage.config.digest":"sha256:1"}}',
      'dockerfile=**/Dockerfile\ninsecure-registries=localhost:5000|[fd00::1]\nsource=registry\nbaseline=app:0\nimage=app',
      'ignore=/a/!(b)/+(c|d)/[[:alpha:]]*\nimage=x',
    ),
  limit: 600,
  millisecondsPerKiB: 300,
  words: [
    '|',
    '\nimage=',
    '\nignore=/',
    '**',
    '*',
    '!(',
    '+(',
    '@(',
    '{',
    ',',
    '}',
    '[[:alpha:]]',
    '\nrules=',
    '\nmetadata=',
  ],
  run: input => {
    const lines = Buffer.from(input).toString('utf8').split('\n')
    const values = new Map(lines.map(line => [line.split('=', 1)[0] ?? '', line.slice(line.indexOf('=') + 1)]))
    const value = (name: string, fallback = ''): string => (values.get(name) ?? fallback).replaceAll('|', '\n')
    const list = (name: string): string[] => parseList(value(name))
    for (const entry of list('image')) holds(entry === entry.trim() && entry !== '', 'entries of lists are trimmed')
    try {
      const options = parseOptions({
        image: list('image'),
        metadata: value('metadata'),
        platforms: list('platforms'),
        dockerfile: list('dockerfile'),
        limits: list('limits'),
        source: value('source', DEFAULTS.source),
        scope: value('scope', DEFAULTS.scope),
        failOn: value('fail-on', DEFAULTS.failOn),
        onUndetermined: value('on-undetermined', DEFAULTS.onUndetermined),
        baselineRequired: value('baseline-required', DEFAULTS.baselineRequired),
        rules: list('rules'),
        ignore: parseReasonedList(value('ignore')),
        baseline: value('baseline'),
        cache: value('cache', DEFAULTS.cache),
        concurrency: value('concurrency', DEFAULTS.concurrency),
        timeout: value('timeout', DEFAULTS.timeout),
        insecureRegistries: list('insecure-registries'),
      })
      const matches = ignoreMatcher(options.ignore)
      return [options, parseMetadata(value('metadata')), PATHS.map(matches)]
    } catch (thrown) {
      if (!(thrown instanceof UsageError)) throw thrown
      return thrown.message
    }
  },
}
