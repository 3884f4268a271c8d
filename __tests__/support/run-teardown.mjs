// biome-ignore lint/style/noDefaultExport: jest calls the default export of this file.
export {leaveRunFolder as default} from './run-folder.ts'
