import type {Rule} from './rule.ts'
import {missingAddons} from './support/addons.ts'

/**
 * A package of a language has no native code for the platform: its interpreter would start, and fail where the package
 * is loaded.
 */
export const missingAddon: Rule = {
  id: 'missing-addon',
  level: 'warning',
  summary: 'A package has no add-on that its interpreter would load on the platform.',
  checkPlatform: ({platform, name}) => missingAddons(platform, name),
}
