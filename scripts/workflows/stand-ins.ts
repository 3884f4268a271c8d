import {randomUUID} from 'node:crypto'
import {copyFileSync, mkdirSync, readdirSync, readFileSync} from 'node:fs'
import {basename, dirname, join, resolve} from 'node:path'
import {attest} from '../../e2e/ground/cosign.ts'
import {run} from '../../e2e/ground/run.ts'
import {restoreCache, saveCache} from './cache-stand-ins.ts'
import type {World} from './world.ts'

/** What a workflow gives an action, and what the action gives back. */
type Values = Readonly<Record<string, string>>
type StandIn = (world: World, inputs: Values, env: Values) => Promise<Values>

/**
 * What is done in place of the actions of others, by their names: the same command on the real engine and registry, or
 * nothing where a machine is made ready that is ready here. An action that is not here fails the run.
 */
export const STAND_INS: Readonly<Record<string, StandIn>> = {
  'actions/checkout': async (world, inputs) => {
    world.checkOut?.(inputs)
    return {}
  },
  'actions/setup-node': async () => ({}),
  'docker/setup-qemu-action': async () => ({}),
  'docker/setup-buildx-action': async () => ({}),
  'docker/login-action': async () => ({}),
  'sigstore/cosign-installer': async () => ({}),
  'docker/build-push-action': build,
  'docker/bake-action': bake,
  'actions/upload-artifact': upload,
  'actions/download-artifact': download,
  'actions/cache/restore': restoreCache,
  'actions/cache/save': saveCache,
  'github/codeql-action/upload-sarif': uploadSarif,
  'actions/attest': attestPredicate,
}

async function build(world: World, inputs: Values): Promise<Values> {
  const {platforms = '', push = '', tags = '', outputs = '', context = '.', file = ''} = inputs
  const args = [
    ...(platforms === '' ? [] : ['--platform', platforms]),
    ...(push === 'true' ? ['--push'] : []),
    ...lines(tags).flatMap(tag => ['--tag', tag]),
    ...lines(outputs).flatMap(outputFlags),
    ...(file === '' ? [] : ['--file', file]),
  ]
  const metadata = await buildx(world, ['build', ...args], context)
  return {metadata, digest: String(JSON.parse(metadata)['containerimage.digest'] ?? '')}
}

/**
 * The engine's own builder cannot push by digest alone ("push-by-digest is currently not implemented for docker
 * driver"): a name that nobody asks for stands for it, and the digest is the same.
 */
function outputFlags(output: string): readonly string[] {
  const fields = new Map(output.split(',').map(field => field.split('=', 2) as [string, string]))
  if (fields.get('push-by-digest') !== 'true') return ['--output', output]
  if (fields.get('push') !== 'true') throw new Error(`${output}: it is not pushed`)
  return ['--push', '--tag', `${fields.get('name')}:by-digest-${randomUUID()}`]
}

async function bake(world: World, {push = ''}: Values, env: Values): Promise<Values> {
  return {metadata: await buildx(world, ['bake', ...(push === 'true' ? ['--push'] : [])], undefined, env)}
}

async function buildx(world: World, command: readonly string[], context?: string, env: Values = {}): Promise<string> {
  const file = join(world.folder, `${randomUUID()}.json`)
  const [name = '', ...args] = command
  const all = ['buildx', name, '--builder', 'default', '--progress', 'plain', '--metadata-file', file, ...args]
  await run('docker', [...all, ...(context === undefined ? [] : [context])], {
    cwd: world.workspace,
    env: {...process.env, ...engineOf(world).ground.builder.env(), ...env},
  })
  return readFileSync(file, 'utf8')
}

function engineOf({engine}: World): NonNullable<World['engine']> {
  if (engine === undefined) throw new Error('there is no engine here')
  return engine
}

async function upload(world: World, {name = '', path = ''}: Values): Promise<Values> {
  const folder = path.endsWith('/*') ? dirname(path) : path
  const files = readdirSync(resolve(world.workspace, folder))
  if (files.length === 0) throw new Error(`${path} names no file`)
  const kept = join(world.artifacts, name)
  mkdirSync(kept)
  for (const file of files) copyFileSync(resolve(world.workspace, folder, file), join(kept, basename(file)))
  return {}
}

async function download(
  world: World,
  {path = '', name = '', pattern = '', 'merge-multiple': merge = '', 'run-id': run = '', 'github-token': token}: Values,
): Promise<Values> {
  if (name === '' && (merge !== 'true' || !pattern.endsWith('*'))) {
    throw new Error('only a name, or merge-multiple with a pattern, is done here')
  }
  if (run !== '' && token === undefined) throw new Error('artifacts of another run need a token')
  const folder = run === '' ? world.artifacts : join(world.earlier ?? '', run)
  const names = readdirSync(folder).filter(one => (name === '' ? one.startsWith(pattern.slice(0, -1)) : one === name))
  if (names.length === 0) throw new Error(`there is no artifact ${name}${pattern}`)
  const target = resolve(world.workspace, path)
  mkdirSync(target, {recursive: true})
  for (const one of names) {
    for (const file of readdirSync(join(folder, one))) copyFileSync(join(folder, one, file), join(target, file))
  }
  return {}
}

async function uploadSarif({workspace}: World, {sarif_file: file = ''}: Values): Promise<Values> {
  const {version, runs} = JSON.parse(readFileSync(resolve(workspace, file), 'utf8'))
  if (version !== '2.1.0' || !Array.isArray(runs)) throw new Error(`${file} is not SARIF 2.1.0`)
  return {}
}

async function attestPredicate(world: World, inputs: Values): Promise<Values> {
  const {ground, keys} = engineOf(world)
  const {'subject-name': name, 'subject-digest': digest, 'predicate-type': type, 'predicate-path': predicate} = inputs
  if (!name || !digest || !type || !predicate) throw new Error('a subject, a type and a predicate are needed')
  await attest(ground, keys, `${name}@${digest}`, {type, predicate})
  return {}
}

function lines(text: string): readonly string[] {
  return text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '')
}
