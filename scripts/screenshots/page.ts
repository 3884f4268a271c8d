import {micromark} from 'micromark'
import {gfm, gfmHtml} from 'micromark-extension-gfm'

export const SCHEMES = ['light', 'dark'] as const
export type Scheme = (typeof SCHEMES)[number]

/** GitHub's Markdown as HTML, with raw HTML as it is written, and without what GitHub's tag filter takes away. */
export function renderHtml(markdown: string): string {
  return micromark(markdown, {allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()]})
}

/** A whole page that needs nothing but itself: `css` is the style sheet of the scheme. */
export function pageOf(body: string, css: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
${css}
body { margin: 0; }
.markdown-body { box-sizing: border-box; max-width: 1012px; margin: 0 auto; padding: 32px; }
@media (max-width: 767px) { .markdown-body { padding: 16px; } }
</style>
</head>
<body class="markdown-body">
${body}
</body>
</html>
`
}

/** The name of an HTML element, and its attributes as they are written. */
export interface Tag {
  readonly name: string
  readonly attributes: string
}

/** The elements that begin in HTML, in their order. */
export function tagsOf(html: string): readonly Tag[] {
  return Array.from(html.matchAll(/<([a-z][a-z0-9-]*)\b([^>]*)>/gi), ([, name = '', attributes = '']) => ({
    name: name.toLowerCase(),
    attributes: attributes.trim(),
  }))
}
