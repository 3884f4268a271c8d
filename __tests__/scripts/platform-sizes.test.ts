import {expect, test} from '@jest/globals'
import {platformSizes} from '../../scripts/release/platform-sizes.ts'

const FILES: Readonly<Record<string, unknown>> = {
  'index.json': {manifests: [{digest: 'sha256:i'}]},
  'blobs/sha256/i': {
    manifests: [
      {digest: 'sha256:a', platform: {os: 'linux', architecture: 'amd64'}},
      {digest: 'sha256:b', platform: {os: 'linux', architecture: 'arm64'}},
      {digest: 'sha256:p', platform: {os: 'unknown', architecture: 'unknown'}},
    ],
  },
  'blobs/sha256/a': {config: {size: 1}, layers: [{size: 20}, {size: 300}]},
  'blobs/sha256/b': {config: {size: 2}, layers: [{size: 40}]},
  'blobs/sha256/p': {config: {size: 5}, layers: [{size: 5000}]},
}

test('each platform alone: config and layers, and no attestation', () => {
  const sizes = platformSizes(path => JSON.stringify(FILES[path]))
  expect([...sizes]).toEqual([
    ['linux/amd64', 321],
    ['linux/arm64', 42],
  ])
})
