import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {escapeText} from '../../src/report/escape.ts'
import {escapeHtml, escapeMarkdown, markdownCell, markdownCode, markdownLink} from '../../src/report/escape-markdown.ts'
import {hostileText} from '../support/hostile-text.ts'

describe('escapeMarkdown', () => {
  test.each([
    [
      'plain text',
      '/usr/bin/app is x86-64, expected aarch64 (linux/arm64)',
      '/usr/bin/app is x86-64, expected aarch64 (linux/arm64)',
    ],
    ['letters', 'Größe 漢字', 'Größe 漢字'],
    ['HTML', '<b a="1">&amp;', '&lt;b a=&quot;1&quot;&gt;&amp;amp;'],
    ['emphasis', '*a* _b_ ~~c~~', '\\*a\\* \\_b\\_ \\~\\~c\\~\\~'],
    ['a link', '[a](b)', '&#91;a&#93;(b)'],
    ['a cell and a code span', 'a|b `c`', 'a&#124;b &#96;c&#96;'],
    ['a backslash', '\\*', '&#92;\\*'],
    ['a mention', 'by @org/team', 'by @&#8203;org/team'],
    ['a bare link', 'https://evil.example www.evil.example', 'https:&#8203;//evil.example www&#8203;.evil.example'],
    ['a reference', 'closes #1, GH-2', 'closes #&#8203;1, GH&#8203;-2'],
    ['an emoji', ':tada:', ':&#8203;tada:'],
    ['a digest stays whole', 'sha256:abc', 'sha256:abc'],
    ['a formula', '$x$', '<span>$</span>x<span>$</span>'],
    ['a heading', '# a', '&#35;&#8203; a'],
    ['a list', '- a', '&#45;&#8203; a'],
    ['a numbered list', '12. a', '&#49;2&#8203;. a'],
    ['indented code', '    a', '&#32;&#8203;   a'],
    ['a new line', 'a\n\nb', 'a&#92;n&#92;nb'],
  ])('%s', (_, text, expected) => {
    expect(escapeMarkdown(text)).toBe(expected)
  })
})

describe('markdownCode', () => {
  test.each([
    ['a path', '/usr/bin/app', '`/usr/bin/app`'],
    ['a command', 'RUN /bin/sh -c a && b # buildkit', '`RUN /bin/sh -c a && b # buildkit`'],
    ['a reference', 'ghcr.io/org/app@sha256:ab', '`ghcr.io/org/app@sha256:ab`'],
    ['letters', 'Größe', '`Größe`'],
    ['a pipe', 'a | b', '<code>a &#124; b</code>'],
    ['a backtick', '`', '<code>&#96;</code>'],
    ['HTML', '<b>', '<code>&lt;b&gt;</code>'],
    ['space at an end', ' a ', '<code>&#32;a&#32;</code>'],
    ['nothing', '', '(empty)'],
  ])('%s', (_, text, expected) => {
    expect(markdownCode(text)).toBe(expected)
  })
})

describe('markdownCell', () => {
  test.each([
    ['a platform', 'linux/arm64', '`linux/arm64`'],
    ['a long path', '/usr/local/bin/hello', '<code>/usr/<wbr>local/<wbr>bin/<wbr>hello</code>'],
    ['a long name', 'ghcr.io/organisation/app:1.2', '<code>ghcr.io/<wbr>organisation/<wbr>app&#58;1.2</code>'],
    ['a long name that is HTML', '/usr/local/<b>/hello', '<code>/usr/<wbr>local/<wbr>&lt;b&gt;/<wbr>hello</code>'],
    ['nothing', '', '(empty)'],
  ])('%s', (_, text, expected) => {
    expect(markdownCell(text)).toBe(expected)
  })
})

describe('markdownLink', () => {
  test.each([
    ['an address', 'https://github.com/org/x/blob/main/a.md#b', '[a](https://github.com/org/x/blob/main/a.md#b)'],
    ['another scheme', 'javascript:alert(1)', 'a: `javascript:alert(1)`'],
    ['an end of the link', 'https://x.example/)<b>', 'a: <code>https&#58;&#8203;//x.example/)&lt;b&gt;</code>'],
    ['a user name', 'https://github.com@evil.example/', 'a: `https://github.com@evil.example/`'],
  ])('%s', (_, address, expected) => {
    expect(markdownLink('a', address)).toBe(expected)
  })
})

/** What is left of an escaped text when all that was escaped is taken out: nothing in it may have a meaning. */
describe('nothing of the text has a meaning', () => {
  const ENTITY = /&(?:#\d+|amp|lt|gt|quot);/g

  test('in prose', () => {
    fc.assert(
      fc.property(hostileText, text => {
        const escaped = escapeMarkdown(text)
        const rest = escaped.replaceAll('<span>$</span>', '').replace(/\\[*_~]/g, '')
        expect(rest.replace(ENTITY, '')).not.toMatch(/[&<>"'`|[\]\\*_~$\n\r]/)
        expect(escaped).not.toMatch(/@(?!&#8203;)|:\/\/|www\.|(?<!&)#\d|GH-\d|^[#+=\- ]|^\d+[.)]/i)
      }),
      {numRuns: 2000},
    )
  })

  test('in HTML and in code', () => {
    fc.assert(
      fc.property(hostileText, text => {
        expect(escapeHtml(text).replace(ENTITY, '')).not.toMatch(/[^\p{L}\p{N}\p{M} /.,;=%()+-]/u)
        expect(markdownCode(text)).toMatch(/^(?:`[^`|<>\\[\]$\n]+`|<code>[^<>`|\\[\]$\n]+<\/code>|\(empty\))$/)
      }),
      {numRuns: 2000},
    )
  })

  test('and all of it is there', () => {
    fc.assert(
      fc.property(hostileText, text => {
        expect(
          decode(
            escapeMarkdown(text)
              .replaceAll('<span>$</span>', '$')
              .replace(/\\([*_~])/g, '$1'),
          ),
        ).toBe(escapeText(text))
        expect(decode(escapeHtml(text))).toBe(escapeText(text))
      }),
    )
  })
})

function decode(html: string): string {
  return html
    .replaceAll('&#8203;', '')
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
}
