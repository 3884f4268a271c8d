/** What `main` saves for `post` in the runner's state. */
export const STATE = {
  /** The id of the run, which its containers carry. */
  run: 'run',
  /** Whether a Docker daemon was used. */
  daemon: 'daemon',
  /** JSON: what was pulled, or begun to be. */
  pulls: 'pulls',
} as const
