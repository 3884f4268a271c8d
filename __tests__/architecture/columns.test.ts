import {readFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {describe, expect, test} from '@jest/globals'
import {projectFiles} from '../../scripts/support/project-files.ts'
import {longComments, wrapComments} from '../../scripts/support/wrap-comments.ts'
import {wrapMarkdown} from '../../scripts/support/wrap-markdown.ts'

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..')
const files = projectFiles(ROOT).map(file => [file, readFileSync(join(ROOT, file), 'utf8')] as const)

/** `n` words of five letters, with the spaces between them 6 n - 1 columns. */
const words = (n: number): string => Array.from({length: n}, () => 'words').join(' ')

describe('lines of at most 120 columns', () => {
  test('files are found at all', () => {
    expect(files.map(([file]) => file)).toEqual(
      expect.arrayContaining(['README.md', 'src/cli.ts', 'docs/rules/README.md', 'e2e/cli.e2e.ts']),
    )
  })

  test('no comment is longer, and no paragraph of the documentation: `npm run format` wraps them', () => {
    const long = files.flatMap(([file, source]) => {
      if (file.endsWith('.md')) return wrapMarkdown(source) === source ? [] : [file]
      return longComments(source).map(line => `${file}:${line}`)
    })
    expect(long).toEqual([])
  })
})

describe('wrapping', () => {
  test.each([
    ['a line that fits', `// ${words(19)}`, `// ${words(19)}`],
    ['a line comment', `  // ${words(30)}`, `  // ${words(19)}\n  // ${words(11)}`],
    ['one line of documentation', `/** ${words(30)} */`, `/**\n * ${words(19)}\n * ${words(11)}\n */`],
    [
      'the paragraph from there on',
      ` * a\n * ${words(30)}\n * end\n *\n * b`,
      ` * a\n * ${words(19)}\n * ${words(11)} end\n *\n * b`,
    ],
    ['an item of a list', ` * - ${words(30)}\n * - b`, ` * - ${words(19)}\n *   ${words(11)}\n * - b`],
    ['no last line of one word', `// ${words(20)}`, `// ${words(13)}\n// ${words(7)}`],
    ['a drawing', ` *     u8 a  ${words(30)}`, ` *     u8 a  ${words(30)}`],
    ['a tag', ` * @see ${words(30)}`, ` * @see ${words(30)}`],
    ['an address', `// https://example.com/${'a'.repeat(120)}`, `// https://example.com/${'a'.repeat(120)}`],
    ['code', `const text = '${words(30)}'`, `const text = '${words(30)}'`],
  ])('comments: %s', (_, source, expected) => {
    expect(wrapComments(source)).toBe(expected)
    expect(wrapComments(expected)).toBe(expected)
  })

  test.each([
    ['a paragraph', words(30), `${words(20)}\n${words(10)}`],
    ['an item of a list', `- ${words(30)}\n- b`, `- ${words(19)}\n  ${words(11)}\n- b`],
    ['a span of code', `${words(18)} \`${words(2)}\` ${words(9)}`, `${words(18)}\n\`${words(2)}\` ${words(9)}`],
    ['no line that begins a list', `${words(20)} - ${words(10)}`, `${words(19)}\nwords - ${words(10)}`],
    ['a table', `| ${words(30)} |`, `| ${words(30)} |`],
    [
      'a fence',
      `\`\`\`text\n${words(30)}\n\`\`\`\n${words(30)}`,
      `\`\`\`text\n${words(30)}\n\`\`\`\n${words(20)}\n${words(10)}`,
    ],
    ['what is generated', `<!-- a -->\n${words(30)}\n<!-- /a -->`, `<!-- a -->\n${words(30)}\n<!-- /a -->`],
    ['a heading', `## ${words(30)}`, `## ${words(30)}`],
  ])('Markdown: %s', (_, source, expected) => {
    expect(wrapMarkdown(source)).toBe(expected)
    expect(wrapMarkdown(expected)).toBe(expected)
  })

  test('the guard sees what it guards against', () => {
    expect(longComments(`const a = 1\n  // ${words(30)}\n/** ${words(30)} */\n *     ${words(30)}`)).toEqual([2, 3, 4])
    expect(longComments(`// https://example.com/${'a'.repeat(120)}`)).toEqual([])
  })
})
