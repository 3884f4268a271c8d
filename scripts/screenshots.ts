/**
 * Takes pictures of the step summary as GitHub shows it, light and dark, wide and on a phone: `npm run screenshots
 * [FOLDER]`. All go to FOLDER (`.cache/screenshots`), and the one that README.md shows to docs/images. Chromium must be
 * there; nothing is read from the network.
 */

import {copyFileSync, mkdirSync, readFileSync, statSync} from 'node:fs'
import {createRequire} from 'node:module'
import {join} from 'node:path'
import {type Browser, chromium} from 'playwright-core'
import {findBrowser} from './screenshots/browser.ts'
import {pageOf, renderHtml, SCHEMES, type Scheme} from './screenshots/page.ts'
import {SHOWN, type Shape, shapes} from './screenshots/shapes.ts'

/** CSS pixels: a phone, and a page beside nothing else. */
const WIDTHS = [390, 1280] as const
/** CSS pixels of the picture in README.md, and how large it may be in bytes. */
const SHOWN_WIDTH = 1012
const SHOWN_LIMIT = 150_000
const IMAGES = 'docs/images'

const folder = process.argv[2] ?? '.cache/screenshots'
const require = createRequire(import.meta.url)
let taken = 0
const wide: string[] = []

const browser = await launch()
try {
  mkdirSync(folder, {recursive: true})
  mkdirSync(IMAGES, {recursive: true})
  for (const shape of await shapes()) {
    for (const scheme of SCHEMES) {
      for (const width of WIDTHS) await take(shape, scheme, width, join(folder, `${shape.name}-${scheme}-${width}.png`))
    }
    if (shape.name === SHOWN) await show(shape)
  }
} finally {
  await browser.close()
}
for (const name of wide) console.error(`wider than its page: ${name}`)
console.log(`screenshots: ${taken} pictures in ${folder}, ${wide.length} wider than their page`)
if (taken === 0 || wide.length > 0) process.exitCode = 1

async function launch(): Promise<Browser> {
  try {
    return await chromium.launch({executablePath: findBrowser(process.env)})
  } catch (thrown) {
    console.error(thrown instanceof Error ? thrown.message : thrown)
    process.exit(1)
  }
}

async function take({name, markdown}: Shape, scheme: Scheme, width: number, file: string): Promise<void> {
  const css = readFileSync(require.resolve(`github-markdown-css/github-markdown-${scheme}.css`), 'utf8')
  const context = await browser.newContext({
    ...{viewport: {width, height: 400}, colorScheme: scheme, javaScriptEnabled: false, offline: true},
    deviceScaleFactor: width < 768 ? 2 : 1,
  })
  const page = await context.newPage()
  await page.setContent(pageOf(renderHtml(markdown), css))
  const picture = await page.screenshot({path: file, fullPage: true})
  // The width in the IHDR of a PNG (https://www.w3.org/TR/png-3/#11IHDR): a page that scrolls sideways is wider.
  if (picture.readUInt32BE(16) > width * (width < 768 ? 2 : 1)) wide.push(`${name}, ${scheme}, ${width}`)
  await context.close()
  taken += 1
}

async function show(shape: Shape): Promise<void> {
  const file = join(folder, 'summary.png')
  await take(shape, 'light', SHOWN_WIDTH, file)
  const {size} = statSync(file)
  if (size > SHOWN_LIMIT) throw new Error(`${file} has ${size} bytes, more than ${SHOWN_LIMIT}`)
  copyFileSync(file, join(IMAGES, 'summary.png'))
}
