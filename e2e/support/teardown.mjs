import {grounds} from './global-setup.ts'

// biome-ignore lint/style/noDefaultExport: jest calls it, in the world in which it called that of setup.mjs.
export default async function tearDown() {
  await Promise.all(grounds.splice(0).map(ground => ground.stop()))
}
