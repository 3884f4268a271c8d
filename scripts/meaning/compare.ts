import {isDeepStrictEqual} from 'node:util'
import type {Store} from '../../e2e/ground/engine.ts'
import type {Tree} from '../../e2e/support/engine-tree.ts'
import type {ArchiveCase} from './archives.ts'
import {DECLARED} from './declared.ts'
import type {MeaningCase} from './documents.ts'
import type {EngineImage, EngineView} from './engine-view.ts'
import type {OurProcess, OurView} from './our-view.ts'

/** What was made of one generated image. */
export interface Seen {
  readonly of: Pick<MeaningCase | ArchiveCase, 'kind' | 'odd'>
  readonly engines: Readonly<Record<Store, EngineView>>
  /** By the name of the source. */
  readonly ours: Readonly<Record<string, OurView>>
  /** What we make of what a store saved of the image, where it did. */
  readonly saved: Readonly<Partial<Record<Store, OurView>>>
}

/** How an engine and one of our sources differ; `declared` where docs/architecture.md says so. */
export interface Difference {
  readonly what: string
  readonly declared: string | undefined
}

/** Every way in which what we say is not what the engines do. */
export function compareViews(seen: Seen): readonly Difference[] {
  const ofSources = Object.entries(seen.ours).flatMap(([name, ours]) => [
    ...(['classic', 'containerd'] as const).flatMap(store =>
      differencesOf(seen.engines[store], ours, store, seen).map(what => ({name, what})),
    ),
    ...(seen.of.kind === 'archive' || isDeepStrictEqual(ours.processes, Object.values(seen.ours)[0]?.processes)
      ? []
      : [{name, what: 'sources differ'}]),
  ])
  const ofSaved = (['classic', 'containerd'] as const).flatMap(store => {
    const ours = seen.saved[store]
    const whats = ours ? differencesOf(seen.engines[store], ours, store, seen) : []
    return whats.map(what => ({name: `saved by ${store}`, what}))
  })
  const texts = [...ofSources, ...ofSaved]
  return texts.map(({name, what}) => {
    const whole = `${name}: ${what}`
    return {what: whole, declared: DECLARED.find(one => one.applies(whole, seen))?.id}
  })
}

function differencesOf(engine: EngineView, ours: OurView, store: Store, seen: Seen): readonly string[] {
  const stops = ours.errors.length > 0 || ours.failure !== undefined
  if (engine.outcome === 'refused') {
    if (stops || ours.warnings.length > 0 || /no command specified/.test(engine.reason)) return []
    return [`${store} refuses at ${engine.at} and we pass: ${engine.reason.trim().replaceAll(/\s+/g, ' ').slice(-200)}`]
  }
  if (ours.errors.includes('ambiguous-document')) return []
  // What one of the stores refuses is not everybody's image, and may be stopped.
  if (stops && Object.values(seen.engines).some(({outcome}) => outcome === 'refused')) return []
  if (stops) return [`${store} takes what we stop: ${[...ours.errors, ours.failure ?? ''].join(' ')}`]
  // A warning names what one of the stores makes of such a layer.
  if (engine.tree && ours.warnings.includes('refused-by-engine')) return []
  if (engine.tree) return ours.tree ? treeDifferences(engine.tree, ours.tree, store) : [`${store}: we have no tree`]
  const read = seen.of.kind === 'index' ? ours.processes.map(({argv}) => argv) : ours.processes.map(shownBy)
  const shown = seen.of.kind === 'index' ? argvOf(engine.image) : engineShows(engine.image, store)
  if (read.some(one => isDeepStrictEqual(one, shown))) return []
  return [`${store} shows ${JSON.stringify(shown)}, and we read ${JSON.stringify(read)}`]
}

function treeDifferences(engine: Tree, ours: Tree, store: Store): readonly string[] {
  const paths = [...new Set([...Object.keys(engine), ...Object.keys(ours)])].toSorted()
  const other = paths.filter(path => engine[path] !== ours[path])
  if (other.length === 0) return []
  const told = other
    .slice(0, 3)
    .map(path => `${path} is ${engine[path] ?? 'not there'}, and we see ${ours[path] ?? 'nothing'}`)
  return [`${store} unpacks otherwise: ${told.join('; ')}`]
}

function shownBy({argv, workingDir, user, env, volumes, healthcheck}: OurProcess) {
  return {argv, workingDir, user, env, volumes, healthcheck}
}

function engineShows(image: EngineImage, _store: Store) {
  const {WorkingDir = '', User = '', Env, Volumes, Healthcheck} = image.process
  return {
    argv: argvOf(image),
    workingDir: WorkingDir,
    user: User,
    env: Env ?? [],
    volumes: Object.keys(Object(Volumes)).toSorted(),
    healthcheck: Object(Healthcheck).Test ?? [],
  }
}

function argvOf({process: {Entrypoint, Cmd}}: EngineImage): readonly unknown[] {
  const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
  return [...list(Entrypoint), ...list(Cmd)]
}
