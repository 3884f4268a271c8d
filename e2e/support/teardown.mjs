import {grounds} from './global-setup.ts'

/** What a test that hung still holds must not hold the whole run. */
const PATIENCE_MS = 10_000

// biome-ignore lint/style/noDefaultExport: jest calls it, in the world in which it called that of setup.mjs.
export default async function tearDown() {
  await Promise.all(grounds.splice(0).map(ground => ground.stop()))
  // Jest has its exit code ready, and waits for the end by itself.
  setTimeout(() => process.exit(), PATIENCE_MS).unref()
}
