import {realpath, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {beforeAll, describe, expect, test} from '@jest/globals'
import type {LineComment, StickyReview} from '../../src/github/reviews.ts'
import {gitBlobId} from '../../src/workspace/checked-out.ts'
import {FORBIDDEN, type GitHubFault} from '../support/github-server.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'
import {PULL, withGitHub} from './fixtures.ts'

const MARKER = '<!-- verify-image-arch:0123 -->'
const TEXT = 'FROM a\nRUN b\nRUN c\nRUN d\n'
const SHA = gitBlobId(Buffer.from(TEXT), '')
const PATCH = '@@ -1,2 +1,4 @@\n FROM a\n+RUN b\n+RUN c\n RUN d'
const FILES = [{filename: 'Dockerfile', status: 'modified', sha: SHA, patch: PATCH}]
let workspace = ''

beforeAll(async () => {
  workspace = await realpath(temporaryFolder('workspace'))
  await writeFile(join(workspace, 'Dockerfile'), TEXT)
  await writeFile(join(workspace, 'other'), TEXT)
})

const at = (line: number, body = 'mend it', endLine = line) => ({file: 'Dockerfile', line, endLine, body})
const review = (...comments: LineComment[]): StickyReview => ({
  ...{marker: MARKER, comments},
  describe: count => `${count} changes`,
})

describe('one review', () => {
  test('is made with all its comments, and left alone where nothing is new', async () => {
    await withGitHub({files: FILES}, async (server, open) => {
      const github = open()
      const first = await github.review(PULL, workspace, review(at(2), at(1, 'both', 3)))
      expect(first).toEqual({ok: true, value: {made: 2, kept: 0, removed: 0, aside: 0}})
      expect(server.reviews.reviews.map(({body}) => body)).toEqual([`${MARKER}\n2 changes`])
      expect(server.reviews.threads).toMatchObject([
        {path: 'Dockerfile', line: 2, startLine: null, body: `${MARKER}\nmend it`},
        {path: 'Dockerfile', line: 3, startLine: 1, body: `${MARKER}\nboth`},
      ])
      const posted = server.requests.find(({what}) => what === 'review')
      expect(JSON.parse(posted?.body ?? '')).toMatchObject({event: 'COMMENT', commit_id: 'c0ffee'})
      const again = await github.review(PULL, workspace, review(at(2), at(1, 'both', 3)))
      expect(again).toEqual({ok: true, value: {made: 0, kept: 2, removed: 0, aside: 0}})
      expect(server.reviews.reviews).toHaveLength(1)
    })
  })

  test('whose lines end in CRLF is kept, in whatever form it comes back', async () => {
    await withGitHub({files: FILES}, async (server, open) => {
      const crlf = review(at(2, '```suggestion\r\nRUN x\r\n```'))
      await open().review(PULL, workspace, crlf)
      expect(server.reviews.threads).toMatchObject([{body: `${MARKER}\n\`\`\`suggestion\r\nRUN x\r\n\`\`\``}])
      for (const form of ['\n', '\r\n']) {
        for (const thread of server.reviews.threads) thread.body = thread.body.replaceAll(/\r?\n/g, form)
        expect(await open().review(PULL, workspace, crlf)).toMatchObject({value: {made: 0, kept: 1, removed: 0}})
      }
    })
  })

  test('is brought up to date: what no longer holds goes, what is new stands beside', async () => {
    await withGitHub({files: FILES}, async (server, open) => {
      const github = open()
      await github.review(PULL, workspace, review(at(2)))
      const moved = await github.review(PULL, workspace, review(at(3)))
      expect(moved).toEqual({ok: true, value: {made: 1, kept: 0, removed: 1, aside: 0}})
      expect(server.reviews.threads).toMatchObject([{line: 3}])
      expect(server.reviews.reviews.map(({body}) => body)).toEqual([`${MARKER}\n1 changes`, ''])
      const gone = await github.review(PULL, workspace, review())
      expect(gone).toEqual({ok: true, value: {made: 0, kept: 0, removed: 1, aside: 0}})
      expect(server.reviews.threads).toEqual([])
      expect(server.reviews.reviews[0]?.body).toBe(`${MARKER}\n0 changes`)
    })
  })

  test('a comment on lines that have moved is made anew', async () => {
    await withGitHub({files: FILES}, async (server, open) => {
      await open().review(PULL, workspace, review(at(2)))
      for (const thread of server.reviews.threads) thread.isOutdated = true
      const {value} = {value: undefined, ...(await open().review(PULL, workspace, review(at(2))))}
      expect(value).toEqual({made: 1, kept: 0, removed: 1, aside: 0})
      expect(server.reviews.threads).toMatchObject([{line: 2, isOutdated: false}])
    })
  })

  test('what somebody resolved is not said again, and not taken away', async () => {
    await withGitHub({files: FILES}, async (server, open) => {
      await open().review(PULL, workspace, review(at(2), at(3)))
      for (const thread of server.reviews.threads) thread.isResolved = true
      await open().review(PULL, workspace, review(at(2)))
      expect(server.reviews.threads.map(({line}) => line)).toEqual([2, 3])
    })
  })

  test('is not made where nothing is to be said', async () => {
    await withGitHub({files: FILES}, async (server, open) => {
      const {value} = {value: undefined, ...(await open().review(PULL, workspace, review()))}
      expect(value).toEqual({made: 0, kept: 0, removed: 0, aside: 0})
      expect(server.reviews.reviews).toEqual([])
    })
  })

  test('is found among hundreds', async () => {
    await withGitHub({files: FILES}, async (server, open) => {
      for (let count = 0; count < 250; count += 1) {
        const jane = {login: 'jane', isBot: false}
        server.reviews.reviews.push({id: `r${count}`, body: 'a word', ...jane})
        const where = {path: 'Dockerfile', line: 2, startLine: null, isResolved: false, isOutdated: false}
        server.reviews.threads.push({id: `t${count}`, body: 'a word', ...jane, ...where})
      }
      await open().review(PULL, workspace, review(at(2)))
      await open().review(PULL, workspace, review(at(3)))
      expect(server.reviews.threads).toHaveLength(251)
      expect(server.reviews.reviews.filter(({body}) => body.startsWith(MARKER))).toHaveLength(1)
    })
  })

  test('comments and reviews of others are never touched', async () => {
    await withGitHub({files: FILES, knowsAuthors: false}, async (server, open) => {
      const forged = {login: 'github-actions', isBot: false}
      const where = {path: 'Dockerfile', line: 2, startLine: null, isResolved: false, isOutdated: false}
      server.reviews.reviews.push({id: 'forged', body: `${MARKER}\nno`, ...forged})
      server.reviews.threads.push({id: 'forged', body: `${MARKER}\nmend it`, ...forged, ...where})
      await open().review(PULL, workspace, review(at(2)))
      await open().review(PULL, workspace, review())
      expect(server.reviews.threads.map(({id}) => id)).toEqual(['forged'])
      expect(server.reviews.reviews[0]?.body).toBe(`${MARKER}\nno`)
    })
  })
})

describe('only lines that the pull request changes', () => {
  test.each([
    ['a line beside', FILES, at(4), 1],
    ['another file', FILES, {...at(2), file: 'other'}, 1],
    ['a file without a patch', [{filename: 'Dockerfile', status: 'modified', sha: SHA}], at(2), 1],
    ['a file that the workspace has otherwise', FILES.map(file => ({...file, sha: 'f00'})), at(2), 1],
  ])('%s', async (_, files, comment, aside) => {
    await withGitHub({files}, async (server, open) => {
      const outcome = await open().review(PULL, workspace, review(comment))
      expect(outcome).toEqual({ok: true, value: {made: 0, kept: 0, removed: 0, aside}})
      expect(server.reviews.reviews).toEqual([])
    })
  })

  test('no more than thirty at once', async () => {
    const many = Array.from({length: 40}, (_, line) => `RUN ${line}\n`).join('')
    await writeFile(join(workspace, 'many'), many)
    const patch = `@@ -0,0 +1,40 @@\n${many.trimEnd().replace(/^/gm, '+')}`
    const files = [{filename: 'many', status: 'added', sha: gitBlobId(Buffer.from(many), ''), patch}]
    await withGitHub({files}, async (_, open) => {
      const comments = Array.from({length: 40}, (_, line) => ({...at(line + 1), file: 'many'}))
      const {value} = {value: undefined, ...(await open().review(PULL, workspace, review(...comments)))}
      expect(value).toEqual({made: 30, kept: 0, removed: 0, aside: 10})
    })
  })
})

describe('what stands in the way', () => {
  test('a token that may only read', async () => {
    const fault = ({what}: {what: string}): GitHubFault | undefined => (what === 'review' ? FORBIDDEN : undefined)
    await withGitHub({files: FILES, fault}, async (_, open) => {
      const outcome = await open().review(PULL, workspace, review(at(2)))
      expect(outcome).toMatchObject({ok: false, problem: expect.stringContaining('pull-requests: write')})
    })
  })

  test('an answer that is lost: nothing is said twice', async () => {
    let lost = 0
    const fault = ({what}: {what: string}): GitHubFault | undefined =>
      what === 'review' && lost++ === 0 ? {kind: 'lost'} : undefined
    await withGitHub({files: FILES, fault}, async (server, open) => {
      const outcome = await open().review(PULL, workspace, review(at(2), at(3)))
      expect(outcome).toMatchObject({ok: true, value: {made: 0, kept: 2}})
      expect([server.reviews.reviews.length, server.reviews.threads.length]).toEqual([1, 2])
    })
  })
})
