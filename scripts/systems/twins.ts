import type {ExplainedFinding} from '../../src/explain/index.ts'
import {decompress} from '../../src/lib/decompress.ts'
import {readTar} from '../../src/lib/tar.ts'
import {type DebianArch, otherArch, TRIPLET} from './architectures.ts'
import {filesOf} from './explained.ts'
import {streamLayer} from './layer.ts'
import {baseLayer, type SystemLayer} from './layers.ts'
import type {SystemImage} from './layout.ts'
import {type System, suiteOf} from './system.ts'

/** A system that was made wrong in one way, and what must be said of it. */
export interface Twin {
  readonly name: string
  /** 0: a planted file; 1: a wrong base. */
  readonly way: number
  readonly image: SystemImage
  /** What is wrong with what was said; empty where it is right. */
  judge(findings: readonly ExplainedFinding[]): readonly string[]
}

/** Files of the other architecture, where each comes from in its base, and where it is planted. */
const PLANTS: readonly {readonly from: (arch: DebianArch) => RegExp; readonly to: (arch: DebianArch) => string}[] = [
  {from: () => /^\.\/usr\/bin\/env$/, to: () => '/usr/bin/planted'},
  {from: () => /^\.\/usr\/bin\/env$/, to: () => '/usr/local/sbin/planted'},
  {from: () => /^\.\/usr\/lib\/[^/]+\/libz\.so\.1\.[0-9.]+$/, to: arch => `/usr/lib/${TRIPLET[arch]}/libplanted.so.1`},
  // Over a program that is there: the layer above counts.
  {from: () => /^\.\/usr\/bin\/sort$/, to: () => '/usr/bin/sort'},
]

/** The broken twins of a right system: one file planted (another way for each `turn`), and the whole base exchanged. */
export async function twinsOf(
  system: System,
  arch: DebianArch,
  layers: readonly SystemLayer[],
  turn: number,
): Promise<readonly Twin[]> {
  const other = otherArch(arch)
  const base = await baseLayer(other, suiteOf(system, arch))
  const plant = PLANTS[Math.floor(turn / 2) % PLANTS.length]
  if (plant === undefined) throw new Error('there is nothing to plant')
  const path = plant.to(arch)
  const content = await readLayerFile(base, plant.from(arch))
  const common = {arch, entrypoint: system.entrypoint}
  return [
    {
      name: `with ${path} of ${other}`,
      way: 0,
      image: {...common, layers, above: [{files: [{path, content}], createdBy: 'COPY planted /'}]},
      judge: findings => {
        const about = findings.filter(finding => finding.level === 'error')
        const [first, ...more] = about
        if (first === undefined) return ['no error']
        return [
          ...(first.rule === 'foreign-executable' && filesOf(first).includes(path) ? [] : [`said: ${tell(first)}`]),
          ...more.map(finding => `said too: ${tell(finding)}`),
        ]
      },
    },
    {
      name: `on the base of ${other}`,
      way: 1,
      image: {...common, layers: [base, ...layers.slice(1)]},
      judge: findings => {
        const about = findings.filter(({rule, level}) => rule === 'foreign-executable' && level === 'error')
        const [first] = about
        if (first === undefined) return ['no error of foreign-executable']
        return [
          // A cause for each layer: libraries of a second architecture are foreign without the own base, too.
          ...about.filter(hasLayerOfEarlier).map(finding => `said too: ${tell(finding)}`),
          ...(filesOf(first).length >= LEAST_BASE_FILES ? [] : [`tells of ${filesOf(first).length} files only`]),
          ...(first.cause?.layer?.index === 0 ? [] : ['does not say that the lowest layer is the cause']),
        ]
      },
    },
  ]
}

function hasLayerOfEarlier({cause}: ExplainedFinding, at: number, all: readonly ExplainedFinding[]): boolean {
  return all.slice(0, at).some(earlier => earlier.cause?.layer?.index === cause?.layer?.index)
}

/** Programs and libraries of the base that one finding must tell of. */
const LEAST_BASE_FILES = 300

async function readLayerFile({layer}: SystemLayer, name: RegExp): Promise<Uint8Array> {
  for await (const entry of readTar(decompress(streamLayer(layer)))) {
    if (entry.kind !== 'file' || !name.test(entry.name)) continue
    const chunks: Uint8Array[] = []
    for await (const chunk of entry.body()) chunks.push(Uint8Array.from(chunk))
    return Buffer.concat(chunks)
  }
  throw new Error(`${name.source} is not in the base`)
}

/** A finding in one line. */
export function tell({level, rule, path, message}: ExplainedFinding): string {
  return `${level} ${rule} ${path ?? ''}: ${message}`
}
