import {mkdir, rm} from 'node:fs/promises'
import {join} from 'node:path'
import type {Ground} from '../../e2e/ground/ground.ts'
import {run} from '../../e2e/ground/run.ts'
import {SCOPES} from '../../src/facts/scope.ts'
import {bundle, runNode, type Took} from '../support/children.ts'
import type {Way} from '../support/in-turns.ts'
import type {LargeImage} from '../support/large-image.ts'

/** The names of the ways that others are compared with, or that an aim is about. */
export const NAMES = {
  shellOne: 'shell step: docker create, docker cp, file; one platform',
  shell: 'shell step: docker create, docker cp, file',
  crane: 'crane export | tar, file',
  dockerOne: 'our docker source, scope entrypoint; one platform',
  docker: 'our docker source, scope entrypoint',
  entrypoint: 'our registry source, scope entrypoint',
  essential: 'our registry source, scope essential',
  image: 'our registry source, scope image',
  http: 'the same layers over HTTP, gunzip by node, nothing else',
  gunzip: "node's own gunzip of all layers",
} as const

export interface SourceWay extends Way {
  /** Whether an aim is measured with it. */
  readonly aim: boolean
  /** Who goes through the registry's door; nobody where it is not there. */
  readonly door?: 'ours' | 'other'
}

/** The ways to look at the image under `reference`, which is of the registry or of the door that counts. */
export async function sourceWays(ground: Ground, image: LargeImage, reference: string): Promise<readonly SourceWay[]> {
  const reader = await bundle('read-image', ground.scratch)
  const gunzip = await bundle('gunzip', ground.scratch)
  const httpGunzip = await bundle('http-gunzip', ground.scratch)
  const env = {...process.env, ...ground.engines.classic.env()}
  const node = (script: string, ...args: string[]): Promise<Took> => runNode(script, args, env)
  const forget = () =>
    run(
      'bash',
      [
        '-c',
        `docker image rm --force $(docker image ls --quiet --no-trunc) >/dev/null 2>&1; docker system prune --all --force >/dev/null; docker image rm ${reference} 2>/dev/null; true`,
      ],
      {env},
    )
  const repository = reference.replace(/:[^:/]*$/, '')
  /** Not timed: has the engine hold every platform before. */
  const hold = async (): Promise<void> => {
    for (const {digest} of image.platforms) await run('docker', ['pull', '--quiet', `${repository}@${digest}`], {env})
  }
  const platforms = image.platforms.map(({platform}) => platform)
  const shellStep = (wanted: readonly string[]) => async (): Promise<Took> => {
    const out = join(ground.scratch, 'shell-step')
    await rm(out, {recursive: true, force: true})
    await mkdir(out)
    const script = wanted.map(
      platform => `
      id=$(docker create --quiet --platform ${platform} ${reference})
      docker cp $id:/app ${out}/app >/dev/null 2>&1
      file ${out}/app
      docker rm $id >/dev/null`,
    )
    await run('bash', ['-ec', script.join('\n')], {env})
    return {}
  }
  const crane = async (): Promise<Took> => {
    const script = platforms.map(
      platform =>
        `crane export --platform ${platform} ${reference} - | tar --extract --to-stdout app > ${ground.scratch}/crane-app; file ${ground.scratch}/crane-app`,
    )
    await run('bash', ['-ec', script.join('\n')], {env})
    return {}
  }
  const layers = image.platforms.flatMap(({base, program}) => [base, program])
  const [address, name] = [repository.slice(0, repository.indexOf('/')), repository.slice(repository.indexOf('/') + 1)]
  const urls = layers.map(({digest}) => `http://${address}/v2/${name}/blobs/${digest}`)
  return [
    {name: NAMES.shellOne, aim: true, door: 'other', prepare: forget, run: shellStep(platforms.slice(0, 1))},
    {name: NAMES.shell, aim: true, door: 'other', prepare: forget, run: shellStep(platforms)},
    {name: NAMES.crane, aim: true, door: 'other', run: crane},
    {
      ...{name: NAMES.dockerOne, aim: true, door: 'other', prepare: forget},
      run: () => node(reader, reference, 'docker:entrypoint', platforms[0] ?? ''),
    },
    ...SCOPES.map(
      (scope): SourceWay => ({
        ...{name: `our docker source, scope ${scope}`, aim: scope === 'entrypoint', door: 'other', prepare: forget},
        run: () => node(reader, reference, `docker:${scope}`),
      }),
    ),
    ...SCOPES.map(
      (scope): SourceWay => ({
        ...{name: `our docker source, scope ${scope}; nothing to pull`, aim: false, door: 'other', prepare: hold},
        run: () => node(reader, reference, `docker:${scope}`),
      }),
    ),
    ...SCOPES.map(
      (scope): SourceWay => ({
        ...{name: `our registry source, scope ${scope}`, aim: true, door: 'ours'},
        // A fifth of a second, which another process easily doubles.
        times: scope === 'entrypoint' ? 5 : 1,
        run: () => node(reader, reference, scope),
      }),
    ),
    {name: NAMES.http, aim: true, door: 'ours', run: () => node(httpGunzip, ...urls)},
    {name: NAMES.gunzip, aim: true, run: () => node(gunzip, ...layers.map(({path}) => path))},
  ]
}
