import {expect, test} from '@jest/globals'
import {windowsVersionRuns} from '../../src/platform/windows.ts'

/** containerd/platforms platform_windows_compat.go, and fetchWindowsVersion's parts of a version. */
test.each<[why: string, host: string, image: string, runs: boolean]>([
  ['before Windows Server 2022 the same build', '10.0.17763.1039', '10.0.17763.55', true],
  ['and no older one', '10.0.17763', '10.0.14393', false],
  ['nor a later one', '10.0.17763', '10.0.20348', false],
  ['2022 runs no 2019', '10.0.20348', '10.0.17763', false],
  ['2022 runs itself', '10.0.20348.1', '10.0.20348.2', true],
  ['between 2022 and 2025 from 2022 on', '10.0.22000', '10.0.20348', true],
  ['2025 runs 2022', '10.0.26100', '10.0.20348', true],
  ['2025 runs no later one', '10.0.26100', '10.0.26200', false],
  ['after 2025 none before it', '10.0.26200', '10.0.22000', false],
  ['after 2025 itself', '10.0.26200', '10.0.26100', true],
  ['another minor version', '10.1.20348', '10.0.20348', false],
  ['another major version', '11.0.20348', '10.0.20348', false],
  ['an image that does not say', '10.0.20348', '', true],
  ['an image that says too little', '10.0.20348', '10.0', false],
  ['an image that says no number', '10.0.20348', '10.0.20348x', false],
  ['a host that does not say', '', '10.0.1', true],
  ['a host that says too little', '10.0', '9.9.9', true],
  ['a host with no major number', 'a10.0.1', '9.0.1', true],
  ['a host with no minor number', '10.0a.1', '9.0.1', true],
  ['a host with no build', '10.0.', '9.0.1', true],
  ['a host with a major number over a byte', '256.0.1', '9.0.1', true],
  ['a host with a minor number over a byte', '0.256.1', '9.0.1', true],
  ['a host with a build over two bytes', '0.0.65536', '9.0.1', true],
  ['the largest major number', '255.0.1', '9.0.1', false],
  ['the largest minor number', '0.255.1', '9.0.1', false],
  ['the largest build', '0.0.65535', '9.0.1', false],
  ['a host of zeros', '0.0.0', '9.0.1', true],
  ['a host whose numbers cancel out', '0.5.5', '0.5.6', false],
  ['another whose numbers cancel out', '5.5.0', '5.5.1', false],
])('%s: host %j, image %j', (_, host, image, runs) => {
  expect(windowsVersionRuns(host, image)).toBe(runs)
})
