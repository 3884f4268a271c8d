/**
 * A function that makes something when it is first called, and gives the same from then on. Around `import()`, which
 * looks a module up anew each time.
 */
export function once<T>(make: () => T): () => T {
  let made: {readonly value: T} | undefined
  return () => {
    made ??= {value: make()}
    return made.value
  }
}
