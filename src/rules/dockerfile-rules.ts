import {DOCKERFILE_RULES, type DockerfileRule} from '../dockerfile/index.ts'
import type {Facts} from '../facts/facts.ts'
import {defined} from '../lib/defined.ts'
import type {Rule, Violation} from './rule.ts'

/** The rules over Dockerfiles; the checks themselves are in dockerfile/lint. */
const TABLE: Readonly<Record<DockerfileRule, Pick<Rule, 'level' | 'summary'>>> = {
  // The builder takes the manifest that a digest names for every platform.
  'base-single-platform': {
    level: 'error',
    summary: 'A Dockerfile’s base is pinned to one platform’s manifest.',
  },
  'base-platform-missing': {
    level: 'error',
    summary: 'A Dockerfile’s base image lacks a platform that is built.',
  },
  // `ARG TARGETARCH=amd64`: from there on every platform is built as amd64.
  'platform-arg-default': {
    level: 'error',
    summary: 'A default in ARG overrides the platform that the builder sets.',
  },
  // `FROM --platform=$BUILDPLATFORM`.
  'build-platform-in-final-stage': {
    level: 'error',
    summary: 'The final stage is for the platform of the build machine.',
  },
  // A constant `--platform`, `GOARCH=amd64`, a download or a file for one architecture.
  'hardcoded-platform': {
    level: 'warning',
    summary: 'A Dockerfile names one platform or architecture where several are built.',
  },
}

/** In the order in which findings of one level are reported. */
export const dockerfileRules: readonly Rule[] = DOCKERFILE_RULES.map(id => ({
  id,
  ...TABLE[id],
  *checkAll(facts) {
    yield* problemsOf(facts, id)
    if (id === 'base-platform-missing') yield* unaskedBases(facts)
  },
}))

function* problemsOf({dockerfiles = []}: Facts, rule: DockerfileRule): Generator<Violation> {
  for (const {file, parsed, lint} of dockerfiles) {
    const stages = parsed.ok ? parsed.value.stages : []
    for (const {rule: id, level, stage, line, endLine, message, fix, edit, platforms} of lint?.problems ?? []) {
      if (id !== rule) continue
      const evidence = {stage: nameOf(stages[stage ?? -1]), platforms}
      yield {file, line, endLine, level, message, evidence, fix, ...defined({edit})}
    }
  }
}

/** A base that could not be read is reported as a note: it is unknown whether it is there for all platforms. */
function* unaskedBases({dockerfiles = []}: Facts): Generator<Violation> {
  for (const {file, lint} of dockerfiles) {
    for (const {reference, reason, line, endLine} of lint?.unasked ?? []) {
      const message = `could not read the platforms of ${reference}: ${reason}`
      yield {file, line, endLine, level: 'note', message, evidence: {base: reference, reason}}
    }
  }
}

/** As `COPY --from` would name it; null before the first FROM. */
function nameOf(stage: {readonly name?: string; readonly index: number} | undefined): string | null {
  return stage === undefined ? null : (stage.name ?? String(stage.index))
}
