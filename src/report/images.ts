import type {Report, ReportImage} from './report.ts'

/** Whether anything of an image was checked: nobody has verified an image that has platforms of other systems only. */
export function isLookedInto({platforms}: ReportImage): boolean {
  return platforms.some(({checked}) => checked)
}

/** `name@digest` of every image that a signer can sign: one that was looked into, and stands in a registry. */
export function signable({verdict, images}: Report): readonly string[] {
  if (verdict !== 'pass') return []
  return images
    .filter(isLookedInto)
    .flatMap(({name, digest}) => (name === undefined || digest === undefined ? [] : [`${name}@${digest}`]))
}

/** What may be signed, one per line, for `xargs cosign sign`; empty unless the check passed. */
export function renderImages(report: Report): string {
  return signable(report)
    .map(image => `${image}\n`)
    .join('')
}
