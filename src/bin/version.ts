/** The version of package.json, put in by the build. */
declare const VERIFY_IMAGE_ARCH_VERSION: string | undefined

export const version: string =
  typeof VERIFY_IMAGE_ARCH_VERSION === 'string' ? VERIFY_IMAGE_ARCH_VERSION : '0.0.0-source'
