import type {VariantEvidence} from '../binary/index.ts'
import type {PlatformFacts} from '../facts/facts.ts'
import {isNeeded, type Rule} from './rule.ts'
import {stepEvidence, whereOf} from './support/chain.ts'

/**
 * A program or its library needs more of the processor than the platform's variant promises: ARMv7 in
 * linux/arm/v6, GOAMD64=v3 in linux/amd64.
 */
export const variantTooNew: Rule = {
  id: 'variant-too-new',
  level: 'error',
  summary: 'A program or its library needs more of the processor than the platform’s variant promises.',
  *checkPlatform({platform, name}) {
    for (const {path, variant, step} of programsOf(platform)) {
      const grave = gravest(variant)
      if (grave === undefined) continue
      const {source, says, exceeds} = grave
      yield {
        path: step.path,
        level: exceeds.level === 'error' && step.certainty === 'certain' ? 'error' : 'warning',
        message: `${whereOf(step)} needs ${exceeds.needs}, but ${name} promises only ${exceeds.promised} (${source}: ${says})`,
        evidence: {
          ...stepEvidence(step),
          file: path,
          needs: exceeds.needs,
          promised: exceeds.promised,
          records: variant.map(record => ({source: record.source, says: record.says, strength: record.strength})),
        },
        fix: fixOf(grave, step.path, name),
      }
    }
  },
}

type Exceeding = VariantEvidence & Required<Pick<VariantEvidence, 'exceeds'>>

/** The programs that the platform's kernel starts at all, with the first step that leads to each. */
function* programsOf({programs, startup}: PlatformFacts) {
  for (const program of programs) {
    const step = startup.steps
      .filter(isNeeded)
      .find(({node, verdict}) => node?.path === program.path && verdict?.fit === 'native')
    if (step) yield {...program, step}
  }
}

function gravest(records: readonly VariantEvidence[]): Exceeding | undefined {
  const exceeding = records.filter((record): record is Exceeding => record.exceeds !== undefined)
  return exceeding.find(({exceeds}) => exceeds.level === 'error') ?? exceeding[0]
}

function fixOf({source, says, exceeds}: Exceeding, path: string, name: string): string {
  if (source === 'go-build-info') {
    const key = says.split('=')[0] ?? ''
    return `Set ${key} for the variant of each platform: Go takes its default where nothing sets it, and the builder only offers TARGETVARIANT.`
  }
  return `Build ${path} for ${exceeds.promised} (-march of the compiler, or the base image of ${name}), or publish the image for the variant that it needs.`
}
