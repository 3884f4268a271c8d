import type {GitHub} from '../github/open.ts'
import type {PullRequestReading} from '../github/pull-request.ts'
import type {Hints, OpenImage, ReadDockerfiles} from '../pipeline/check.ts'
import type {LimitTime} from '../pipeline/time-limit.ts'
import type {Annotation} from '../report/index.ts'

/** All that the action needs of the runner. */
export interface ActionHost {
  readonly version: string
  /** Of the program's own files; absent where it runs from its source. */
  readonly digest?: () => Promise<string | undefined>
  readonly open: OpenImage
  readonly readDockerfiles: ReadDockerfiles
  /** Reads the file that `policy` names, in the workspace; throws where it cannot. */
  readPolicy(file: string): Promise<string>
  /** The day in UTC, `YYYY-MM-DD`. */
  today(): string
  readonly hints?: Hints
  /** Without it a run takes as long as it takes. */
  readonly limitTime?: LimitTime
  input(name: string): string
  output(name: string, value: string): void
  annotate(annotation: Annotation): void
  /** One block of the log; the host keeps it from being taken for workflow commands. */
  log(text: string): void
  /** Adds Markdown to the step's summary. */
  summary(markdown: string): Promise<void>
  /** Writes a file for later steps; returns its path. */
  writeFile(name: string, text: string): Promise<string>
  /** Fails the step, with an error annotation. */
  fail(message: string): void
  readonly github: GitHubSide
}

/** GitHub itself, beside the runner: asked only where there is something to say or to ask. */
export interface GitHubSide {
  /** What of a run stays the same from run to run: what its comment is known by. */
  readonly workflow: string
  readonly job: string
  readonly step: string
  /** The page of this run. */
  readonly runUrl: string
  /** Where the repository is checked out. */
  readonly workspace: string
  pullRequest(): Promise<PullRequestReading>
  /** Loads the client of GitHub. */
  open(token: string): Promise<GitHub>
  /** All secrets that were named up to now. */
  secrets(): Iterable<string>
}
