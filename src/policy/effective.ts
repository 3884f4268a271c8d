import {imageMatcher} from '../image/image-glob.ts'
import {NO_SETTINGS, type Policy, type Settings} from './policy.ts'

/**
 * Says what is set for an image: the defaults of the file, then each rule that covers the image in the order of the
 * file, then what the user wrote in inputs or flags. A later value wins; levels of rules are joined by rule, and
 * `ignore` grows.
 */
export function settingsOf({defaults, images}: Policy, inputs: Settings): (reference: string) => Settings {
  const rules = images.map(({globs, settings}) => ({covers: imageMatcher(globs), settings}))
  return reference => {
    const covering = rules.filter(({covers}) => covers(reference)).map(({settings}) => settings)
    return [defaults, ...covering, inputs].reduce(joinSettings)
  }
}

/** What is set for no image: the defaults, then inputs or flags. */
export function runSettings(policy: Policy | undefined, inputs: Settings): Settings {
  return joinSettings(policy?.defaults ?? NO_SETTINGS, inputs)
}

function joinSettings(earlier: Settings, later: Settings): Settings {
  const rules = new Map([...earlier.rules, ...later.rules].map(rule => [rule.value[0], rule]))
  const ignore = new Map([...earlier.ignore, ...later.ignore].map(entry => [entry.value.glob, entry]))
  return {...earlier, ...later, rules: [...rules.values()], ignore: [...ignore.values()]}
}
