/** One page in the list beside all pages. */
export interface SidebarItem {
  readonly text: string
  readonly link: string
}

export interface SidebarGroup {
  readonly text: string
  readonly collapsed?: boolean
  readonly items: readonly SidebarItem[]
}

/**
 * The pages that docs/README.md lists, under its headings, with the title that each has itself: `titleOf` gives that of
 * a page by its path in docs/.
 */
export function sidebarOf(index: string, titleOf: (page: string) => string): readonly SidebarGroup[] {
  return index.split(/^## /m).flatMap((section, position) => {
    const items = Array.from(section.matchAll(/^\| \[[^\]]+\]\(([^)]+\.md)\)/gm), ([, page = '']) => ({
      text: titleOf(page),
      link: addressOf(page),
    }))
    if (items.length === 0) return []
    const text = position === 0 ? 'Documentation' : (section.split('\n')[0] ?? '')
    return [{text, items}]
  })
}

/** The rules, in the order of docs/rules/README.md. */
export function rulesOf(index: string): SidebarGroup {
  const ids = Array.from(index.matchAll(/^\| \[`([a-z-]+)`\]\(/gm), ([, id = '']) => id)
  return {text: 'Rules', collapsed: true, items: ids.map(id => ({text: id, link: addressOf(`rules/${id}.md`)}))}
}

/** The title of a page: its first heading. Throws where it has none. */
export function titleOf(text: string): string {
  const [, title] = /^# (.+)$/m.exec(text) ?? []
  if (title === undefined) throw new Error('the page has no title')
  return title
}

/** `rules/README.md` is at `/rules/`, `scan.md` at `/scan`. */
export function addressOf(page: string): string {
  return `/${page.replace(/(^|\/)README\.md$/, '$1').replace(/\.md$/, '')}`
}
