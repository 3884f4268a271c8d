import {fetchDebs, unpackDebs} from './systems/debian.ts'
const debs = await fetchDebs('amd64', process.argv.slice(3), 'bookworm')
await unpackDebs(debs, 'amd64', process.argv[2]!)
console.log(debs.map(d => d.file).join(' '))
