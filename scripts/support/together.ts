/** All of them beside each other. Fails with the first error once all have ended, so that nothing is left behind. */
export async function together<T>(jobs: readonly Promise<T>[]): Promise<readonly T[]> {
  await Promise.allSettled(jobs)
  return Promise.all(jobs)
}
