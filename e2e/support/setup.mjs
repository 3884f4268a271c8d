// Node reads the TypeScript behind it by itself.
// biome-ignore lint/style/noDefaultExport: jest calls the default export of this file.
export {setUp as default} from './global-setup.ts'
