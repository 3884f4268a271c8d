import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {homeOf} from '../adopt/rename.ts'

const {owner, repository} = homeOf(JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')))

/** This project as workflows name it: `OWNER/REPO`. */
export const OWN_NAME = `${owner}/${repository}`

/** Whether a step uses this action: `./`, or its name at a version. */
export function isOwnAction(uses: string): boolean {
  return uses === './' || uses.startsWith(`${OWN_NAME}@`)
}

/** The file of a workflow of this repository that a job calls; undefined where it is none of ours. */
export function ownWorkflow(uses: string): string | undefined {
  const path = [`${OWN_NAME}/`, './'].find(start => uses.startsWith(start))
  const [file = ''] = path === undefined ? [] : uses.slice(path.length).split('@')
  return /^\.github\/workflows\/[\w-]+\.yml$/.test(file) ? file : undefined
}
