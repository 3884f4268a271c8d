/** Writes the build context of the container image into an empty folder: `npm run container -- FOLDER`. */
import {existsSync, readdirSync} from 'node:fs'
import {writeContainerContext} from './container/context.ts'

const [folder, ...more] = process.argv.slice(2)
if (folder === undefined || more.length > 0 || (existsSync(folder) && readdirSync(folder).length > 0)) {
  console.error('usage: npm run container -- FOLDER, which is empty or not there')
  process.exit(2)
}
await writeContainerContext(folder)
console.log(`docker buildx build --platform linux/amd64,linux/arm64 --output type=oci,dest=image.tar ${folder}`)
