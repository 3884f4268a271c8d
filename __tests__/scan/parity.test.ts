import {expect, test} from '@jest/globals'
import {buildElf} from '../support/elf-builder.ts'
import {executable, type MemoryTree} from '../support/memory-rootfs.ts'
import {checkWholeImage} from '../support/whole-image.ts'

const AMD64 = executable(buildElf({machine: 62}))
const ARM64 = executable(buildElf({machine: 183, align: 0x10000}))

/** What program-parity says of an image whose platforms hold `/app` and what is given. */
async function told(amd64: MemoryTree, arm64: MemoryTree) {
  const config = {entrypoint: ['/app'], env: ['PATH=/usr/bin']}
  const {findings} = await checkWholeImage([
    {platform: 'linux/amd64', config, files: {'/app': AMD64, ...amd64}},
    {platform: 'linux/arm64', config, files: {'/app': ARM64, ...arm64}},
  ])
  return findings.flatMap(({rule, message}) => (rule === 'program-parity' ? [message] : []))
}

const LINK: MemoryTree = {'/usr/bin/tool': {link: '/opt/tool/bin/tool'}}
const LACKS = 'in PATH, linux/arm64 lacks /usr/bin/tool that linux/amd64 has'

test.each<[string, MemoryTree, MemoryTree, readonly string[]]>([
  ['a program on both', {'/usr/bin/tool': AMD64}, {'/usr/bin/tool': ARM64}, []],
  ['a program on one', {'/usr/bin/tool': AMD64}, {}, [LACKS]],
  ['a link to a program on both', {...LINK, '/opt/tool/bin/tool': AMD64}, {...LINK, '/opt/tool/bin/tool': ARM64}, []],
  ['a link that leads nowhere on one', {...LINK, '/opt/tool/bin/tool': AMD64}, LINK, [LACKS]],
  ['a link that leads nowhere on both', LINK, LINK, []],
  [
    'a link to a file that nobody may execute on one',
    {...LINK, '/opt/tool/bin/tool': AMD64},
    {...LINK, '/opt/tool/bin/tool': 'text'},
    [LACKS],
  ],
  [
    'a link to a script on one, to a program on the other',
    {...LINK, '/opt/tool/bin/tool': AMD64},
    {...LINK, '/opt/tool/bin/tool': executable('#!/bin/sh\n')},
    [],
  ],
])('%s', async (_, amd64, arm64, messages) => {
  expect(await told(amd64, arm64)).toEqual(messages)
})
