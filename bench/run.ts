/** `npm run bench -- NAME`: runs one benchmark of this folder. */
import {readdirSync} from 'node:fs'

const names = readdirSync(import.meta.dirname)
  .filter(file => file.endsWith('.ts') && file !== 'run.ts')
  .map(file => file.slice(0, -'.ts'.length))
const name = process.argv[2] ?? ''

if (!names.includes(name)) throw new Error(`expected one of ${names.join(', ')}, got ${JSON.stringify(name)}`)
await import(`./${name}.ts`)
