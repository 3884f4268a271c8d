/**
 * Names of files that would be commands to GitHub's runner, or markup in a summary, if they were printed as they are.
 */
export const HOSTILE = {
  /** An entrypoint that is there. */
  name: 'a\n::set-output name=verified::true\r::save-state name=run::x <img src=x>|`',
  /** What a link leads to: the old syntax counts anywhere in a line. */
  target: 'b ##[set-output name=images;]evil@sha256 ##[add-mask]linux',
  /** An entrypoint that is not there. */
  missing: '\n::error title=pwned::pwned\n::stop-commands::pwned\n##[error]pwned',
} as const
