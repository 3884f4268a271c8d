/** The version of package.json, put in by the build. */
declare const VERIFY_IMAGE_ARCH_VERSION: string | undefined

/** Whether this is the bundle, and not the source. */
export const isBuilt: boolean = typeof VERIFY_IMAGE_ARCH_VERSION === 'string'

export const version: string =
  typeof VERIFY_IMAGE_ARCH_VERSION === 'string' ? VERIFY_IMAGE_ARCH_VERSION : '0.0.0-source'
