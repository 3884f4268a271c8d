/**
 * How programs write the user that they change to. `engine`: as a config's User (gosu uses the engine's own code).
 * `name`: an entry of /etc/passwd by its name alone, however much it looks like a number. `id`: name or number.
 * `sudo`: a name, or a number behind `#`. `s6`: a name, or `uid:gid` in numbers. `chpst`: `user[:group…]`, or numbers
 * behind a colon, `:uid:gid[:gid…]`.
 */
export type UserForm = 'engine' | 'name' | 'id' | 'sudo' | 's6' | 'chpst'

/** The same user as a config's User has it; undefined where it is none in this form. */
export function asEngineUser(form: UserForm, spec: string): string | undefined {
  const number = /^\d+$/
  // getpwnam(3) finds no entry without a name. The engine and s6 take it for the user that they have.
  if (spec === '' && form !== 'engine' && form !== 's6') return undefined
  switch (form) {
    case 'engine':
    case 'id':
      return spec
    case 'name':
      return number.test(spec) || spec.includes(':') ? undefined : spec
    case 'sudo':
      if (spec.startsWith('#')) return number.test(spec.slice(1)) ? spec.slice(1) : undefined
      return number.test(spec) ? undefined : spec
    case 's6':
      if (spec.includes(':')) return /^\d+:\d+$/.test(spec) ? spec : undefined
      return number.test(spec) ? undefined : spec
    case 'chpst': {
      if (spec.startsWith(':')) return /^(:\d+){2,}$/.test(spec) ? spec.split(':').slice(1, 3).join(':') : undefined
      const parts = spec.split(':')
      return parts.some(part => number.test(part)) ? undefined : parts.slice(0, 2).join(':')
    }
  }
}

/** The groups that chpst takes besides the user's own: uidgids_get of runit's uidgid.c. */
export function furtherGroups(spec: string): readonly string[] {
  return spec.split(':').slice(spec.startsWith(':') ? 3 : 2)
}
