import {posix} from 'node:path'

/** The folder whose pages the site has. */
const PAGES = 'docs'

/**
 * A link of a page of docs/ as the site has it. `page` is relative to docs/, `files` is the address of the repository's
 * files, `https://github.com/OWNER/REPO/blob/main`. A README.md is the page of its folder; what is not a
 * page of docs/ is only in the repository.
 */
export function siteLink(page: string, link: string, files: string): string {
  if (/^(?:[a-z][a-z\d+.-]*:|#|\/)/i.test(link)) return link
  const [, path = '', anchor = ''] = /^([^#]*)(.*)$/.exec(link) ?? []
  const target = posix.join(PAGES, posix.dirname(page), path)
  if (!target.startsWith(`${PAGES}/`) || !target.endsWith('.md')) return `${files}/${target}${anchor}`
  return `${path.replace(/(^|\/)README\.md$/, '$1index.md')}${anchor}`
}
