import type {DockerfileRule} from '../../dockerfile/index.ts'
import type {Facts} from '../../facts/facts.ts'
import type {Level} from '../finding.ts'
import type {Violation} from '../rule.ts'

/** What one of the rules says of the Dockerfiles; the checks themselves are in dockerfile/lint. */
export function* dockerfileViolations(facts: Facts, rule: DockerfileRule, own: Level): Generator<Violation> {
  for (const {file, parsed, lint} of facts.dockerfiles ?? []) {
    if (!parsed.ok) continue
    for (const {rule: id, level, stage, line, endLine, message, fix, platforms} of lint?.problems ?? []) {
      if (id !== rule) continue
      yield {
        file,
        line,
        endLine,
        ...(level === own ? {} : {level}),
        message,
        evidence: {stage: nameOf(parsed.value.stages[stage ?? -1]), platforms},
        fix,
      }
    }
  }
}

/** As `COPY --from` would name it; null before the first FROM. */
function nameOf(stage: {readonly name?: string; readonly index: number} | undefined): string | null {
  return stage === undefined ? null : (stage.name ?? String(stage.index))
}
