import type {SourceErrorCode} from '../errors.ts'
import type {ExplainedFinding} from '../explain/index.ts'
import type {Finding, Level} from '../rules/finding.ts'
import type {ConfiguredSuppression, FailOn, ReportConfiguration} from './configuration.ts'

export const SCHEMA_VERSION = 1

/** One program that starts, or that another step hands over to. */
export interface ReportStep {
  readonly path: string
  /** Where the path leads when every symlink is followed. */
  readonly resolved?: string
  /** `elf`, `script`, `mach-o` …; absent where there is no file. */
  readonly kind?: string
  /** `x86-64`, `aarch64` …, of programs. */
  readonly machine?: string
  /** Why this step is taken: `entrypoint`, `argument of tini`. */
  readonly via: string
  /** The service that it belongs to: `nginx` of `supervisord`. */
  readonly service?: {readonly name: string; readonly of: string}
  readonly layer?: {readonly index: number; readonly digest: string; readonly createdBy?: string}
}

/** What a platform is. It depends on the image alone, never on the levels that a user gives to rules. */
export type PlatformVerdict = 'match' | 'mismatch' | 'undetermined'

/** Files that were left aside together: how many, and the first of them. */
export interface ReportListed {
  readonly count: number
  /** In the order of their paths; at most 1000. */
  readonly files: readonly string[]
}

/** What a walk through all files of a platform saw. */
export interface ReportScan {
  /** Regular files. */
  readonly files: number
  /** ELF, Windows and Mach-O files by machine, the most frequent first. */
  readonly machines: readonly {readonly machine: string; readonly count: number}[]
  /** Files of other machines that nothing explains: findings report them. */
  readonly foreign: number
  /** Files in PATH that the kernel would not start. */
  readonly notPrograms: number
  /** Programs in PATH whose libraries were followed. */
  readonly linked: number
  /** Foreign files that are meant to be there, by the reason's id (docs/scan.md). */
  readonly suppressed: readonly (ReportListed & {readonly reason: string})[]
  /** One for each entry of `ignore`. */
  readonly ignored: readonly (ReportListed & {readonly glob: string; readonly reason?: string})[]
}

export interface ReportPlatform {
  readonly platform: string
  /** Of the platform's manifest; absent where a daemon holds an image without one. */
  readonly digest?: string
  readonly verdict: PlatformVerdict
  /** Of a mismatch that fails nothing, because the rules that find it are lowered or switched off. */
  readonly tolerated?: true
  /** Whether its image was looked into: those of other systems than Linux are not. */
  readonly checked: boolean
  /** Why it is not known what starts in the end; also where something that is known makes it a mismatch. */
  readonly undetermined?: string
  readonly program: {readonly argv: readonly string[]; readonly steps: readonly ReportStep[]}
  /** Absent where the whole image was not requested. */
  readonly scan?: ReportScan
}

export interface ReportImage {
  readonly reference: string
  /** What stands before `@` when the image is named by its digest; absent where a registry has no such image. */
  readonly name?: string
  /** Of what stands at the reference: the index, or the lone manifest. */
  readonly digest?: string
  readonly mediaType?: string
  /** Why the image could not be checked; then there are no platforms. */
  readonly problem?: {readonly code: SourceErrorCode; readonly message: string; readonly hint?: string}
  /**
   * Entries of the index that are not a platform's image; absent where there is none.
   * `indexes` in the index are read through.
   */
  readonly otherEntries?: {readonly attestations: number; readonly artifacts: number; readonly indexes: number}
  /** What it was checked by, where that is not what the report says for the run. */
  readonly configuration?: ReportConfiguration
  /** Its own, by the policy file; absent where it has none. */
  readonly baseline?: ReportBaseline
  readonly platforms: readonly ReportPlatform[]
}

/** How the platforms differ from those of the baseline, as platforms are requested. */
export interface ReportBaseline {
  readonly reference: string
  /** Absent where nothing stands at the reference. */
  readonly digest?: string
  readonly found: boolean
  readonly changed: readonly string[]
  readonly unchanged: readonly string[]
  readonly lost: readonly string[]
  readonly added: readonly string[]
}

/** What was looked up of a base image. */
export interface ReportBase {
  /** As the Dockerfile names it, its variables replaced. */
  readonly reference: string
  /** `manifest`: one platform's alone; `unknown`: it could not be asked. */
  readonly kind: 'index' | 'manifest' | 'unknown'
  readonly digest?: string
  /** In the order of the index. */
  readonly platforms: readonly string[]
  /** The digest of the index at the tag beside a digest that is one platform's. */
  readonly index?: string
  /** Why it could not be asked. */
  readonly reason?: string
}

/** One Dockerfile that was read. */
export interface ReportDockerfile {
  /** Relative to the workspace. */
  readonly file: string
  /** Why the builder does not take it; then there are no stages. */
  readonly problem?: {readonly line: number; readonly message: string}
  /** As they are written. */
  readonly stages: readonly {
    readonly name?: string
    readonly line: number
    readonly base: string
    readonly platform?: string
  }[]
  readonly bases: readonly ReportBase[]
}

/** What became of one suppression of the policy file. */
export interface ReportSuppression extends ConfiguredSuppression {
  /** `FILE:LINE:COLUMN` */
  readonly place: string
  /** `expired`: what it covers counts again. `unused`: it covers nothing of the images that it is about. */
  readonly state: 'used' | 'unused' | 'expired'
  /** Findings that it covers. */
  readonly count: number
}

/** The policy file of a run. */
export interface ReportPolicy {
  /** As the user named it. */
  readonly file: string
  /** Of what is in it (docs/policy.md). */
  readonly digest: string
  /** Those that may be about what was checked, in the order of the file. */
  readonly suppressions: readonly ReportSuppression[]
}

/** What every front door shows. The same input gives the same report: no time, no host, no order of arrival. */
export interface Report {
  readonly schemaVersion: typeof SCHEMA_VERSION
  /** `digest`: of the program's own files (docs/attestation.md); absent where it runs from its source. */
  readonly tool: {readonly name: string; readonly version: string; readonly digest?: string}
  readonly configuration: ReportConfiguration
  /** Absent where no policy file is named. */
  readonly policy?: ReportPolicy
  readonly verdict: 'pass' | 'fail'
  readonly images: readonly ReportImage[]
  /** Absent where none was requested. */
  readonly dockerfiles?: readonly ReportDockerfile[]
  /** Absent where no baseline was requested. */
  readonly baseline?: ReportBaseline
  /** Entries of `ignore` that matched nothing; absent where none was given. */
  readonly unusedIgnores?: readonly string[]
  readonly findings: readonly ExplainedFinding[]
  /**
   * What rules that are switched off found, each with the level that its rule gives it, and what the policy file
   * suppresses (`suppressed`). It fails nothing.
   */
  readonly switchedOff: readonly Finding[]
}

/** Whether findings of this level make the verdict `fail`. With `never` it is that of `error`, and the job passes. */
export function failsAt(level: Level, failOn: FailOn): boolean {
  return level === 'error' || (failOn === 'warning' && level === 'warning')
}

/** What an image was checked by. */
export function configurationOf(report: Report, image: ReportImage | undefined): ReportConfiguration {
  return image?.configuration ?? report.configuration
}
