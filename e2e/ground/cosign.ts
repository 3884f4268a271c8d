import {mkdir} from 'node:fs/promises'
import {join} from 'node:path'
import type {Ground} from './ground.ts'
import {run, runAny} from './run.ts'

/** What cosign needs of a ground. */
type CosignGround = Pick<Ground, 'tools' | 'engines' | 'folder'>

/** A key pair of cosign's, without a password. */
export interface KeyPair {
  readonly privateKey: string
  readonly publicKey: string
}

/**
 * cosign 3 takes its services from a signing config that it downloads, and would enter each signature in the public
 * log. Without one, and without the log, a local key works with nothing but the registry. `--tlog-upload` is
 * deprecated in favour of a signing config file without services, but needs no file.
 */
export const SIGN = ['--use-signing-config=false', '--tlog-upload=false', '--allow-http-registry', '--yes']
const VERIFY = ['--insecure-ignore-tlog', '--allow-http-registry']

/** Makes a key pair in `folder`. */
export async function generateKeyPair(ground: CosignGround, folder: string): Promise<KeyPair> {
  await mkdir(folder, {recursive: true})
  await run(ground.tools.cosign, ['generate-key-pair'], {cwd: folder, env: cosignEnvironment(ground)})
  return {privateKey: join(folder, 'cosign.key'), publicKey: join(folder, 'cosign.pub')}
}

/** Signs images by digest (`name@sha256:…`), as a release does after the verification. */
export async function sign(ground: CosignGround, keys: KeyPair, images: readonly string[]): Promise<void> {
  await run(ground.tools.cosign, ['sign', '--key', keys.privateKey, ...SIGN, ...images], {
    env: cosignEnvironment(ground),
  })
}

/** Whether an image carries a signature of this key; fails if that cannot be told. */
export async function isSigned(ground: CosignGround, keys: KeyPair, image: string): Promise<boolean> {
  const args = ['verify', '--key', keys.publicKey, ...VERIFY, image]
  const result = await runAny(ground.tools.cosign, args, {env: cosignEnvironment(ground)})
  if (result.code === 0) return true
  if (/no signatures found|no matching (signatures|attestations)/.test(result.stderr)) return false
  throw new Error(`cosign ${args.join(' ')} ended with ${result.code}: ${result.stderr.trim()}`)
}

/** Attests a predicate of an image, which is named by its digest. */
export async function attest(
  ground: CosignGround,
  keys: KeyPair,
  image: string,
  {type, predicate}: {readonly type: string; readonly predicate: string},
): Promise<void> {
  const what = ['--type', type, '--predicate', predicate]
  await run(ground.tools.cosign, ['attest', '--key', keys.privateKey, ...SIGN, ...what, image], {
    env: cosignEnvironment(ground),
  })
}

/** Whether an image has an attestation of a type that a policy (CUE or Rego) admits; fails if that cannot be told. */
export async function isAdmitted(
  ground: CosignGround,
  keys: KeyPair,
  image: string,
  {type, policy}: {readonly type: string; readonly policy: string},
): Promise<boolean> {
  const args = ['verify-attestation', '--key', keys.publicKey, ...VERIFY, '--type', type, '--policy', policy, image]
  const result = await runAny(ground.tools.cosign, args, {env: cosignEnvironment(ground)})
  if (result.code === 0) return true
  if (/validation errors occurred|none of the attestations matched|no matching attestations/.test(result.stderr))
    return false
  throw new Error(`cosign ${args.join(' ')} ended with ${result.code}: ${result.stderr.trim()}`)
}

/** cosign's environment: what it keeps in a home folder stays inside the ground. */
export function cosignEnvironment(ground: CosignGround): NodeJS.ProcessEnv {
  const docker = ground.engines.classic.env()
  return {
    ...process.env,
    PATH: docker.PATH,
    DOCKER_CONFIG: docker.DOCKER_CONFIG,
    COSIGN_PASSWORD: '',
    HOME: ground.folder,
    TUF_ROOT: join(ground.folder, 'tuf'),
  }
}
