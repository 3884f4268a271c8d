import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'

/** The licence texts of the packages that a bundle was made of, from the paths of its inputs. */
export function licensesOf(inputs: readonly string[]): string {
  const packages = [...new Set(inputs.map(packageOf).filter(folder => folder !== undefined))].sort()
  return `${packages.map(licenseOf).join('\n\n---\n\n')}\n`
}

function packageOf(input: string): string | undefined {
  const match = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)
  return match?.[0]
}

function licenseOf(folder: string): string {
  const {name, version, license}: {name: string; version: string; license?: string} = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  )
  const file = readdirSync(folder).find(entry => /^(licen[cs]e|copying)/i.test(entry))
  const text =
    file !== undefined && existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8').trim() : undefined
  if (text === undefined && license === undefined) throw new Error(`${name} has no licence`)
  return `${name} ${version}\n\n${text ?? `Licence: ${license}`}`
}
