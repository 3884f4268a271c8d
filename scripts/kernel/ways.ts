import type {MemoryEntry} from '../../__tests__/support/memory-rootfs.ts'
import type {Random} from './random.ts'

/** The directory that all shapes share. */
export const COMMON = '/5a7c91e0d3'

/** A path to the target: as it is, relative, through links, dots, slashes, names that are too long. */
export function wayTo(
  random: Random,
  dir: string,
  target: string,
  cwd: string,
  files: Record<string, MemoryEntry>,
): string {
  const add = (name: string, entry: MemoryEntry) => {
    files[`${dir}/${name}`] = entry
    return `${dir}/${name}`
  }
  if (cwd.startsWith(`${COMMON}/private`) && random.oneIn(2))
    return random.pick(['target', './target', '../ok', '../../ok', './ok', 'link'])
  if (!random.oneIn(3)) return target
  return random.pick<() => string>([
    () => (cwd === dir ? 'target' : cwd === '/' ? target.slice(1) : '../target'),
    () => (cwd === dir ? './target' : target),
    () => `${dir}//sub/.././target`,
    () => `${dir}/sub/../../../../..${target}`,
    () => add('l1', {link: 'target'}),
    () => add('l1', {link: target}),
    () => add('l1', {link: `sub/../target`}),
    () => add('l1', {link: `../../../../../..${target}`}),
    () => {
      const count = random.pick([2, 10, 38, 39, 40, 41, 42])
      for (let index = 0; index < count; index++)
        add(`c${index}`, {link: index === count - 1 ? target : `c${index + 1}`})
      return `${dir}/c0`
    },
    () => {
      add('d', {link: '.'})
      return `${dir}/${'d/'.repeat(random.pick([1, 20, 39, 40, 41]))}target`
    },
    () => {
      add('dl', {link: `${dir}/sub/..`})
      return `${dir}/dl/target`
    },
    () => `${target}/`,
    () => `${target}/x`,
    () => `${target}/.`,
    () => `${dir}/missing/../target`,
    () => `${COMMON}/ok/../target`,
    () => `${COMMON}/private/../..${target}`,
    () => `${COMMON}/closed/../..${target}`,
    () => `${COMMON}/closed/./missing`,
    () => `${COMMON}/private/missing/x`,
    () => `${dir}/${'n'.repeat(random.pick([255, 256]))}`,
    () => `${dir}/${'n'.repeat(256)}/../target`,
    () => `${dir}/${'./'.repeat((random.pick([4090, 4092, 4094, 4096, 4098, 4100]) - dir.length - 7) >> 1)}target`,
    () => add('l2', {link: 'target/'}),
    () => add('l2', {link: `${dir}/sub/`}),
    () => `${COMMON}/loop/x`,
    () => `${COMMON}/dangling/x`,
    () => '',
    () => '.',
    () => '/',
  ])()
}
