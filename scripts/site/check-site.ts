import {posix} from 'node:path'

/** What was built: each file by its path, and the text of pages; and what it was built from. */
export interface Site {
  /** `/verify-image-arch/`: all addresses begin with it. */
  readonly base: string
  /** Every file that was built, and the text of those that are pages. */
  readonly built: ReadonlyMap<string, string>
  /** The page in docs/ by its path there. */
  readonly pages: ReadonlyMap<string, string>
  /** `https://github.com/OWNER/REPO/blob/main/`. */
  readonly files: string
  /** Whether the repository has a file or folder. */
  readonly exists: (path: string) => boolean
}

/** Where a page of docs/ is built: `rules/README.md` to `rules/index.html`. */
export function builtPath(page: string): string {
  return page.replace(/(^|\/)README\.md$/, '$1index.md').replace(/\.md$/, '.html')
}

/** Why a page was not built as a reader expects it, or undefined. */
export function pageProblem({built, pages}: Site, page: string): string | undefined {
  const html = built.get(builtPath(page))
  if (html === undefined) return `${builtPath(page)} was not built`
  const content = mainOf(html)
  const headings = (pages.get(page) ?? '').replaceAll(/^```.*?^```$/gms, '').match(/^#{1,6} /gm)?.length ?? 0
  const shown = content.match(/<h[1-6][ >]/g)?.length ?? 0
  // A page whose rendering failed is there all the same, and empty.
  return shown === headings ? undefined : `${builtPath(page)} has ${shown} headings, expected ${headings}`
}

/** Every link of a built page, and the files that it loads. */
export function linksOf(html: string): readonly string[] {
  return Array.from(html.matchAll(/<(?:a|link|script|img)\b[^>]*? (?:href|src)="([^"]*)"/g), ([, link = '']) =>
    decode(link),
  )
}

/** Why a link of a built page leads nowhere, or undefined: links to other sites are not followed. */
export function linkProblem({base, built, files, exists}: Site, page: string, link: string): string | undefined {
  if (link.startsWith(files)) {
    const [path = ''] = link.slice(files.length).split('#')
    return exists(decodeURIComponent(path)) ? undefined : 'the repository has no such file'
  }
  if (/^[a-z][a-z\d+.-]*:/i.test(link)) return undefined
  const [path = '', anchor = ''] = link.split('#').map(part => decodeURIComponent(part))
  const target = path === '' ? page : resolve(base, page, path)
  if (target === undefined) return `it leaves ${base}`
  const found = [target, `${target}.html`, posix.join(target, 'index.html')].find(file => built.has(file))
  if (found === undefined) return 'no such page was built'
  return anchor === '' || idsOf(built.get(found) ?? '').has(anchor) ? undefined : `${found} has no #${anchor}`
}

function resolve(base: string, page: string, path: string): string | undefined {
  const address = posix.join('/', path.startsWith('/') ? path : posix.join(base, posix.dirname(page), path))
  return `${address}/`.startsWith(base) ? address.slice(base.length).replace(/\/$/, '') : undefined
}

function idsOf(html: string): ReadonlySet<string> {
  return new Set(Array.from(html.matchAll(/ id="([^"]*)"/g), ([, id = '']) => decode(id)))
}

function mainOf(html: string): string {
  return /<main\b.*<\/main>/s.exec(html)?.[0] ?? ''
}

function decode(text: string): string {
  return text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&amp;', '&')
}
