import {LIMITS} from '../../lib/limits.ts'
import {baseName, directoryOf} from '../../lib/paths.ts'
import type {AddonProblem, NativeFiles} from '../addon.ts'
import {type ConfiguredModule, judgeModule} from '../configured-module.ts'
import {fileAt, namesIn, readTextAt} from '../files.ts'
import {buildOf} from './php-build.ts'
import {readPhpSettings} from './php-settings.ts'

export interface PhpAddonInput extends NativeFiles {
  readonly env: ReadonlyMap<string, string>
}

/** One build of PHP, as its packager has laid it out. */
interface PhpBuild {
  readonly ini: string
  /** Directories of more files, in their order. */
  readonly scanned: readonly string[]
  /** `extension_dir` that is compiled in; more than one where it cannot be known which. */
  readonly directories: readonly string[]
}

/** The number of the module API by release: `ZEND_MODULE_API_NO` of Zend/zend_modules.h. */
const API: Readonly<Record<string, string>> = {
  '7.0': '20151012',
  '7.1': '20160303',
  '7.2': '20170718',
  '7.3': '20180731',
  '7.4': '20190902',
  '8.0': '20200930',
  '8.1': '20210902',
  '8.2': '20220829',
  '8.3': '20230831',
  '8.4': '20240924',
  '8.5': '20250925',
}

/**
 * Modules that the configuration of each PHP names (`extension`, `zend_extension`) and that it would not
 * load. PHP warns and goes on without them. https://www.php.net/manual/en/configuration.file.php,
 * php_load_extension of ext/standard/dl.c
 */
export async function findPhpAddons({natives, files, env}: PhpAddonInput): Promise<readonly AddonProblem[]> {
  const isThere = [...natives].some(
    ([path, {fit}]) =>
      fit === 'own' && /^(?:php(?:[0-9.]*|-fpm|-cgi|-fpm[0-9.]*)|libphp[0-9.]*\.so)$/.test(baseName(path)),
  )
  if (!isThere) return []
  const problems = new Map<string, AddonProblem>()
  for (const build of await buildsOf(files)) {
    for (const problem of await findIn(await redirect(build, env, files), {natives, files})) {
      // The command line and FPM have the same modules by files of their own.
      const key = problem.wanted.join()
      if (!problems.has(key)) problems.set(key, problem)
    }
  }
  return [...problems.values()]
}

/**
 * What variables of the image make of it: `PHPRC` is a file, or a directory that is looked into first, and
 * `PHP_INI_SCAN_DIR` a list in which nothing stands for what is compiled in. `php_init_config` of main/php_ini.c
 */
async function redirect(
  build: PhpBuild,
  env: ReadonlyMap<string, string>,
  files: NativeFiles['files'],
): Promise<PhpBuild> {
  const rc = env.get('PHPRC') ?? ''
  const found = rc === '' ? [] : await Promise.all([rc, `${rc}/php.ini`].map(path => fileAt(files, path)))
  const at = found.findIndex(node => node !== undefined)
  const ini = at < 0 ? build.ini : at === 0 ? rc : `${rc}/php.ini`
  const list = env.get('PHP_INI_SCAN_DIR')?.split(':') ?? ['']
  return {...build, ini, scanned: list.flatMap(one => (one === '' ? build.scanned : [one.replace(/\/+$/, '')]))}
}

async function findIn({ini, scanned, directories}: PhpBuild, input: NativeFiles): Promise<readonly AddonProblem[]> {
  const scannedFiles: string[] = []
  for (const directory of scanned) {
    const names = (await namesIn(input.files, directory)).filter(name => name.endsWith('.ini'))
    scannedFiles.push(...names.map(name => `${directory}/${name}`))
  }
  const read = await Promise.all(
    [ini, ...scannedFiles].map(async file => ({
      file,
      text: await readTextAt(input.files, file, LIMITS['addon-settings-bytes'].most),
    })),
  )
  const texts = read.flatMap(({file, text}) => (text === undefined ? [] : [{file, text}]))
  const {extensions, directory, isUncertain} = readPhpSettings(texts)
  const [place, second] = directory === undefined ? directories : [directory]
  if (isUncertain || place === undefined || second !== undefined || !place.startsWith('/')) return []
  const [builtIn] = directories
  const expected = builtIn === undefined ? undefined : buildOf(builtIn, API)
  const problems: AddonProblem[] = []
  for (const {name, file} of extensions.slice(0, LIMITS['judged-packages'].most)) {
    const at = name.includes('/') ? name : `${place}/${name}`
    if (!at.startsWith('/')) continue
    const paths = name.includes('/') ? [at] : [at, `${at}.so`]
    const problem =
      (await judgeModule({language: 'php', name, configuredIn: file, paths}, input)) ??
      (await otherBuild({name, configuredIn: file, paths}, expected, input))
    if (problem !== undefined) problems.push(problem)
  }
  return problems
}

/** PHP compares what a module was built for with itself, and does not initialize it where they differ. */
async function otherBuild(
  {name, configuredIn, paths}: Pick<ConfiguredModule, 'name' | 'configuredIn' | 'paths'>,
  expected: string | undefined,
  {natives, files}: NativeFiles,
): Promise<AddonProblem | undefined> {
  if (expected === undefined) return undefined
  for (const path of paths) {
    const node = await fileAt(files, path)
    if (node === undefined) continue
    const [built, ...others] = natives.get(node.path)?.phpBuilds ?? []
    if (built === undefined || [built, ...others].includes(expected)) return undefined
    return {
      ...{language: 'php', package: name, configuredIn, directory: directoryOf(path), wanted: [path]},
      outcome: {kind: 'other-build', path: node.path, built, expected},
      ...{covers: [node.path], isRequired: false, isNeeded: true},
    }
  }
  return undefined
}

/** Those of Debian, of PHP's own images, of Alpine, and of Fedora and its like. */
async function buildsOf(files: NativeFiles['files']): Promise<readonly PhpBuild[]> {
  const builds: PhpBuild[] = []
  for (const version of await namesIn(files, '/etc/php')) {
    const api = API[version]
    for (const sapi of api === undefined ? [] : await namesIn(files, `/etc/php/${version}`)) {
      if (sapi === 'mods-available') continue
      const base = `/etc/php/${version}/${sapi}`
      builds.push({ini: `${base}/php.ini`, scanned: [`${base}/conf.d`], directories: [`/usr/lib/php/${api}`]})
    }
  }
  for (const name of await namesIn(files, '/etc')) {
    if (!/^php[0-9]+$/.test(name)) continue
    builds.push({
      ini: `/etc/${name}/php.ini`,
      scanned: [`/etc/${name}/conf.d`],
      directories: [`/usr/lib/${name}/modules`],
    })
  }
  const own = '/usr/local/lib/php/extensions'
  const directories = (await namesIn(files, own)).filter(name => /^(?:no-)?debug-(?:non-)?zts-[0-9]{8}$/.test(name))
  const local = '/usr/local/etc/php'
  builds.push({
    ini: `${local}/php.ini`,
    scanned: [`${local}/conf.d`],
    directories: directories.map(name => `${own}/${name}`),
  })
  for (const library of ['/usr/lib64/php/modules', '/usr/lib/php/modules']) {
    if ((await files.lookup(library)).outcome !== 'found') continue
    builds.push({ini: '/etc/php.ini', scanned: ['/etc/php.d'], directories: [library]})
    break
  }
  return builds
}
