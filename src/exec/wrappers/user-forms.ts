/**
 * How programs write the user that they change to. `engine`: as a config's User (gosu uses the engine's own code).
 * `name`: an entry of /etc/passwd by its name alone, however much it looks like a number. `id`: name or number.
 * `sudo`: a name, or a number behind `#`. `s6`: a name, or `uid:gid` in numbers. `chpst`: `user[:group]`, or numbers
 * behind a colon, `:uid[:gid]`.
 */
export type UserForm = 'engine' | 'name' | 'id' | 'sudo' | 's6' | 'chpst'

/** The same user as a config's User has it; undefined where it is none in this form. */
export function asEngineUser(form: UserForm, spec: string): string | undefined {
  const number = /^\d+$/
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
      if (spec.startsWith(':')) return /^:\d+(:\d+)*$/.test(spec) ? spec.slice(1) : undefined
      return spec.split(':').some(part => number.test(part)) ? undefined : spec
    }
  }
}
