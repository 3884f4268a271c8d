import {mkdirSync} from 'node:fs'
import {join} from 'node:path'
import {type Browser, type BrowserContext, chromium, type Page} from 'playwright-core'
import {findBrowser} from '../screenshots/browser.ts'
import {serveFolder} from './serve-folder.ts'

const SCHEMES = ['light', 'dark'] as const
/** CSS pixels: a phone, and a page beside nothing else. */
const WIDTHS = [390, 1280] as const
const SHOWN = ['', 'workflows', 'rules/', 'rules/wrong-machine', 'inputs', 'api', 'incidents', 'elsewhere'] as const
/** What a reader types, and the page that must be offered for it. */
const SEARCHES = [
  ['wrong-machine', 'rules/wrong-machine'],
  ['exec format error', 'rules/wrong-machine'],
  ['insecure-registries', 'inputs'],
  ['kyverno', 'attestation'],
] as const

type Looked = readonly [what: string, problem: string | undefined]

/**
 * Opens the site in headless Chromium as a phone and as a desktop, light and dark, and takes pictures into a folder.
 */
export async function lookAtSite(folder: string, base: string, pictures: string): Promise<readonly Looked[]> {
  mkdirSync(pictures, {recursive: true})
  const server = await serveFolder(folder, base)
  try {
    const browser = await chromium.launch({executablePath: findBrowser(process.env)})
    try {
      const looked: Looked[] = []
      for (const scheme of SCHEMES) {
        for (const width of WIDTHS) looked.push(...(await lookAs(browser, server.url, {scheme, width, pictures})))
      }
      return looked
    } finally {
      await browser.close()
    }
  } finally {
    await server.close()
  }
}

interface Look {
  readonly scheme: (typeof SCHEMES)[number]
  readonly width: (typeof WIDTHS)[number]
  readonly pictures: string
}

async function lookAs(browser: Browser, url: string, {scheme, width, pictures}: Look): Promise<readonly Looked[]> {
  const context = await browser.newContext({viewport: {width, height: 844}, colorScheme: scheme})
  try {
    const looked: Looked[] = []
    for (const path of SHOWN) {
      const picture = join(pictures, `${path.replaceAll('/', '-') || 'index'}-${scheme}-${width}.png`)
      looked.push([`/${path}, ${scheme}, ${width}`, await look(context, `${url}${path}`, picture)])
    }
    for (const [text, expected] of SEARCHES) {
      const picture = join(pictures, `search-${text.replaceAll(' ', '-')}-${scheme}-${width}.png`)
      looked.push([`search ${text}, ${scheme}, ${width}`, await search(context, {url, text, expected, picture})])
    }
    return looked
  } finally {
    await context.close()
  }
}

async function look(context: BrowserContext, address: string, picture: string): Promise<string | undefined> {
  return onPage(context, address, async page => {
    await page.screenshot({path: picture, fullPage: true})
    // A text, since this program's own types know no document.
    const [wide = 0, view = 0] = await page.evaluate<readonly number[]>(
      '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
    )
    return wide > view ? `the page is ${wide} pixels wide, its window ${view}` : undefined
  })
}

async function search(
  context: BrowserContext,
  {url, text, expected, picture}: {readonly [name in 'url' | 'text' | 'expected' | 'picture']: string},
): Promise<string | undefined> {
  return onPage(context, url, async page => {
    await page.locator('#local-search button').first().click()
    await page.locator('#localsearch-input').fill(text)
    const results = page.locator('#localsearch-list a.result')
    await results.first().waitFor()
    await page.screenshot({path: picture})
    const addresses = await results.evaluateAll(links => links.map(link => link.getAttribute('href') ?? ''))
    return addresses.some(address => new URL(address, url).pathname === new URL(expected, url).pathname)
      ? undefined
      : `${expected} is not among ${addresses.join(' ')}`
  })
}

/** What `body` says of a page, or what the page's own scripts say. */
async function onPage(
  context: BrowserContext,
  address: string,
  body: (page: Page) => Promise<string | undefined>,
): Promise<string | undefined> {
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', error => errors.push(error.message))
  page.on('console', message => {
    if (message.type() === 'error') errors.push(message.text())
  })
  try {
    const answer = await page.goto(address, {waitUntil: 'networkidle'})
    if (answer?.status() !== 200) return `${address} answers ${answer?.status()}`
    return (await body(page)) ?? errors[0]
  } finally {
    await page.close()
  }
}
