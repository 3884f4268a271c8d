import {expect, test} from '@jest/globals'
import {inWordsOf} from '../../src/lib/door-words.ts'

test.each([
  [
    'Install docker, or read images in their registry without it: source: registry (--source registry).',
    'Install docker, or read images in their registry without it: source: registry.',
    'Install docker, or read images in their registry without it: --source registry.',
  ],
  [
    'Raise timeout (--timeout) where the images need longer; 0 sets no limit.',
    'Raise timeout where the images need longer; 0 sets no limit.',
    'Raise --timeout where the images need longer; 0 sets no limit.',
  ],
  [
    'Allow r.test:5000 with insecure-registries (--insecure-registry), too, if that is meant.',
    'Allow r.test:5000 with insecure-registries, too, if that is meant.',
    'Allow r.test:5000 with --insecure-registry, too, if that is meant.',
  ],
  ['raise it with limits: a-b=1.', 'raise it with limits: a-b=1.', 'raise it with --limits a-b=1.'],
  ['Check the name (and --not this).', 'Check the name (and --not this).', 'Check the name (and --not this).'],
])('%s', (advice, action, command) => {
  expect([inWordsOf('action', advice), inWordsOf('command', advice)]).toEqual([action, command])
})
