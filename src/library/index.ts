// The package as a library: values in, values out. Nothing here opens a file or a connection of its own.

export {describe} from '../binary/describe.ts'
export {identify} from '../binary/identify.ts'
export type {Identity} from '../binary/identity.ts'
export {SourceError, type SourceErrorCode, UsageError} from '../errors.ts'
export type {DockerfileText} from '../facts/gather.ts'
export {type Digest, parseDigest} from '../image/digest.ts'
export type {FileNode, Lookup, RootFs} from '../image/rootfs.ts'
export type {
  Descriptor,
  ImageRoot,
  ImageSource,
  LayerInfo,
  PlatformEntry,
  PlatformImage,
} from '../image/source.ts'
export {bytesAccess, type RandomAccess} from '../lib/bytes.ts'
export type {Result} from '../lib/result.ts'
export {formatPlatform} from '../platform/format.ts'
export {platformsEqual} from '../platform/match.ts'
export {parsePlatform} from '../platform/parse.ts'
export type {Platform} from '../platform/platform.ts'
export {FORMATS, type Format, render} from '../report/render.ts'
export type {
  PlatformVerdict,
  Report,
  ReportImage,
  ReportPlatform,
  ReportScan,
  ReportStep,
} from '../report/report.ts'
export {type BlobSource, blobSource} from './blob-source.ts'
export {type CheckOptions, check} from './check.ts'
