import type {RootFs} from '../../image/rootfs.ts'
import {LIMITS} from '../../lib/limits.ts'
import {readTextAt} from '../files.ts'

/** A Perl that is installed in the image. */
export interface PerlRelease {
  /** `aarch64-linux-gnu-thread-multi` */
  readonly archname: string
  readonly version: string
  /** `@INC` */
  readonly inc: readonly string[]
}

const DIRECTORIES = ['sitearchexp', 'sitelibexp', 'vendorarchexp', 'vendorlibexp', 'archlibexp', 'privlibexp']

/**
 * Reads what a Perl was configured with, in the directory of its own modules; undefined where it does not say.
 * https://perldoc.perl.org/Config
 */
export async function readPerlRelease(
  files: Pick<RootFs, 'lookup' | 'open'>,
  directory: string,
  env: ReadonlyMap<string, string>,
): Promise<PerlRelease | undefined> {
  const text = await readTextAt(files, `${directory}/Config_heavy.pl`, LIMITS['addon-settings-bytes'].most)
  const setting = (name: string): string | undefined => new RegExp(`^${name}='([^'$]+)'$`, 'm').exec(text ?? '')?.[1]
  const archname = setting('archname')
  const version = setting('version')
  if (archname === undefined || version === undefined) return undefined
  const named = (env.get('PERL5LIB') ?? '').split(':').filter(one => one.startsWith('/'))
  const own = DIRECTORIES.flatMap(name => setting(name) ?? [])
  const debian = own.some(one => /^\/usr\/share\/perl\//.test(one)) ? ['/etc/perl', '/usr/local/lib/site_perl'] : []
  return {
    archname,
    version,
    inc: [...named.flatMap(one => placesOf(one, archname, version)), ...debian, ...own, directory],
  }
}

/** A directory of PERL5LIB, with those below it that are for one release and machine. */
function placesOf(directory: string, archname: string, version: string): readonly string[] {
  const base = directory.replace(/\/+$/, '')
  return [`${base}/${version}/${archname}`, `${base}/${version}`, `${base}/${archname}`, base]
}
