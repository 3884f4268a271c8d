import {spawnSync} from 'node:child_process'
import {existsSync, readFileSync, writeFileSync} from 'node:fs'
import {join, resolve} from 'node:path'

const ROOT = resolve(import.meta.dirname, '../..')
const SITE = join(ROOT, 'site')

/** Builds the site into a folder with VitePress, which it installs first where site/package-lock.json has changed. */
export function buildSite(output: string): void {
  install()
  // Its paths are relative to site/.
  const args = [join(SITE, 'node_modules/vitepress/bin/vitepress.js'), 'build', SITE, '--outDir', resolve(output)]
  run(process.execPath, args)
}

function install(): void {
  const lock = readFileSync(join(SITE, 'package-lock.json'), 'utf8')
  const installed = join(SITE, 'node_modules/.installed-lock.json')
  if (existsSync(installed) && readFileSync(installed, 'utf8') === lock) return
  run('npm', ['ci', '--ignore-scripts', '--prefix', SITE])
  writeFileSync(installed, lock)
}

function run(program: string, args: readonly string[]): void {
  const {status, error, stdout} = spawnSync(program, args, {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (error) throw error
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}:\n${stdout}`)
}
