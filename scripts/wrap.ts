/** Wraps comments and Markdown at 120 columns, which biome does not do. Part of `npm run format`. */
import {readFileSync, writeFileSync} from 'node:fs'
import {projectFiles} from './support/project-files.ts'
import {wrapComments} from './support/wrap-comments.ts'
import {wrapMarkdown} from './support/wrap-markdown.ts'

for (const file of projectFiles('.')) {
  const source = readFileSync(file, 'utf8')
  const wrapped = file.endsWith('.md') ? wrapMarkdown(source) : wrapComments(source)
  if (wrapped === source) continue
  writeFileSync(file, wrapped)
  console.log(file)
}
