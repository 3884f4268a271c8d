import {join} from 'node:path'
import type {Engine} from '../../../e2e/ground/engine.ts'
import type {Registry} from '../../../e2e/ground/registry.ts'
import {run, runAny} from '../../../e2e/ground/run.ts'
import {pushLayout} from '../../../e2e/support/push-layout.ts'
import type {LayoutImage} from '../../support/layout-builder.ts'
import {makeTemporaryFolder, removeTemporaryFolder} from '../../support/temporary-folder.ts'
import type {Recipe, Scene} from '../recipe.ts'

/**
 * What looks at manifests alone: each is a script of this folder, called with an image
 * and the platforms that must be there.
 */
export const MANIFEST_TOOLS = ['imagetools', 'docker-manifest', 'crane', 'skopeo'] as const
/** All that is compared: the manifest tools, and the step that looks into the images. */
export const TOOLS = [...MANIFEST_TOOLS, 'shell-step'] as const

export type ToolName = (typeof TOOLS)[number]

/** What the scripts call besides docker and crane, as Debian's packages are called. */
export const PACKAGES = ['file', 'jq', 'skopeo'] as const

/**
 * By the exit code of the script. `unclear`: nothing is wrong, but a file could not be judged;
 * as published, the step stops there too.
 */
export const ANSWERS = ['passed', 'stopped', 'unclear', 'could-not-look'] as const

export type Answer = (typeof ANSWERS)[number]

/** What a tool did with the image as it was published, and with the same image mended. */
export interface ToolResult {
  readonly broken: Answer
  readonly repaired: Answer
  /** The lines in which it told what is wrong with the broken one; absent where it told nothing. */
  readonly says?: readonly string[]
}

/** What the tools work with: a registry, and an engine whose client is in its PATH. */
export interface Place {
  readonly registry: Pick<Registry, 'address'>
  readonly engine: Pick<Engine, 'env'>
  /** A folder for what is written meanwhile. */
  readonly scratch: string
}

/**
 * Pushes both images of a recipe to the registry, and runs every tool on both.
 * Throws where a tool's script itself fails.
 */
export async function runTools(place: Place, recipe: Recipe): Promise<Readonly<Record<ToolName, ToolResult>>> {
  const name = `incidents/${recipe.id} ${recipe.way ?? ''}`
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9/]+/g, '-')
  const broken = await pushScene(place, recipe.broken, `${name}/broken`)
  const repaired = await pushScene(place, recipe.repaired, `${name}/repaired`)
  const results = new Map<ToolName, ToolResult>()
  for (const tool of TOOLS) {
    const before = await runOn(place, tool, broken)
    const after = await runOn(place, tool, repaired)
    const says = before.says.length === 0 ? {} : {says: before.says}
    results.set(tool, {broken: before.answer, repaired: after.answer, ...says})
  }
  // Every tool is in the map: the loop above ran over all of them.
  return Object.fromEntries(results) as Record<ToolName, ToolResult>
}

/** The versions of what the scripts call. */
export async function readVersions({engine}: Pick<Place, 'engine'>): Promise<Readonly<Record<string, string>>> {
  const commands = {
    docker: ['docker', 'version', '--format', '{{.Client.Version}}, engine {{.Server.Version}}'],
    buildx: ['docker', 'buildx', 'version'],
    // Debian's crane does not know its own version; the changelog of its package does.
    crane: [
      'bash',
      '-c',
      `zcat "$(readlink -f "$(command -v crane)" | xargs dirname)/../share/doc/crane/changelog.Debian.gz" | sed -n '1s/.*(\\(.*\\)).*/\\1/p'`,
    ],
    skopeo: ['skopeo', '--version'],
    file: ['file', '--version'],
    jq: ['jq', '--version'],
  }
  const env = {...process.env, ...engine.env()}
  const versions = await Promise.all(
    Object.entries(commands).map(async ([name, [command = '', ...args]]) => {
      const [line = ''] = (await run(command, args, {env})).trim().split('\n')
      return [name, line.replace(/^(skopeo version |file-|jq-|github\.com\/docker\/buildx )| .*-[0-9]+$/g, '')] as const
    }),
  )
  return Object.fromEntries(versions)
}

/**
 * The platforms that a publisher would ask a tool for: those of the list that was given; else those of the release
 * before; else all that the image claims. No tool is told less than this project is.
 */
export function requiredPlatforms({platforms, baseline}: Scene, image: LayoutImage): readonly string[] {
  return platforms ?? (baseline ?? image).platforms.map(({platform}) => platform)
}

interface Pushed {
  readonly reference: string
  readonly platforms: readonly string[]
}

async function pushScene({registry}: Place, scene: Scene, name: string): Promise<readonly Pushed[]> {
  const pushed: Pushed[] = []
  for (const [index, image] of scene.images.entries()) {
    const tag = `image-${index}`
    await pushLayout(registry, name, tag, image, {withoutManifests: scene.lacksManifests ?? false})
    pushed.push({reference: `${registry.address}/${name}:${tag}`, platforms: requiredPlatforms(scene, image)})
  }
  return pushed
}

/** One tool on all images of a scene: the gravest of its answers. */
async function runOn({engine, registry, scratch}: Place, tool: ToolName, images: readonly Pushed[]) {
  const folder = await makeTemporaryFolder('tool', scratch)
  const answers: Answer[] = []
  const says: string[] = []
  try {
    for (const {reference, platforms} of images) {
      const {code, stdout, stderr} = await runAny(
        'bash',
        [join(import.meta.dirname, `${tool}.sh`), reference, ...platforms],
        {env: {...process.env, ...engine.env(), HOME: folder, TMPDIR: folder, LC_ALL: 'C.UTF-8'}, timeoutMs: 120_000},
      )
      const told = stdout.toString().trim().split('\n').filter(Boolean)
      const answer = ANSWERS[code ?? -1]
      // A script that broke ends with a code of its own, or without a word.
      if (answer === undefined || (answer !== 'passed' && told.length === 0)) {
        throw new Error(`${tool}.sh ended with ${code} for ${reference} ${platforms.join(' ')}: ${stderr}`)
      }
      answers.push(answer)
      if (answer !== 'passed') says.push(...told.map(line => line.replaceAll(registry.address, 'REGISTRY')))
    }
  } finally {
    await removeTemporaryFolder(folder)
  }
  const gravest = (['stopped', 'could-not-look', 'unclear', 'passed'] as const).find(one => answers.includes(one))
  return {answer: gravest ?? 'passed', says}
}
