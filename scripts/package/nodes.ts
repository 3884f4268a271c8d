import {execFileSync} from 'node:child_process'
import {realpathSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {cachedFolder, cacheFolder} from '../../e2e/ground/cache.ts'

/** npm as a script, so that any node can run it: the one that runs us, else the one in PATH. */
export function npmScript(): string {
  return (
    process.env.npm_execpath ?? realpathSync(execFileSync('sh', ['-c', 'command -v npm'], {encoding: 'utf8'}).trim())
  )
}

/** The folder of `node` in one version, as npm's package for this machine brings it; kept between runs. */
export async function nodeFolder(version: string): Promise<string> {
  const name = `node-${process.platform}-${process.arch}`
  const folder = await cachedFolder(join(cacheFolder(), 'nodes', `${name}-${version}`), async draft => {
    writeFileSync(join(draft, 'package.json'), '{"private":true}')
    const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--silent', `${name}@${version}`]
    execFileSync(process.execPath, [npmScript(), ...args], {cwd: draft, stdio: 'inherit'})
  })
  return join(folder, 'node_modules', name, 'bin')
}
