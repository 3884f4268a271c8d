// Node reads the TypeScript behind it by itself.
// biome-ignore lint/style/noDefaultExport: jest calls the default export of this file.
export {enterRunFolder as default} from './run-folder.ts'
