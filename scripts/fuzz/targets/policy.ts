import {parsePolicy} from '../../../src/policy/parse-policy.ts'
import {type FuzzTarget, holds, texts} from '../target.ts'

/** A policy file: docs/policy.md. */
export const target: FuzzTarget = {
  name: 'policy',
  seeds: () =>
    texts(
      'version: 1\ndefaults:\n  platforms: [linux/amd64, linux/arm64]\n  scope: essential\n  rules:\n    page-size: off\n  ignore:\n    - /opt/sdk/**\n    - {glob: "**/testdata/**", reason: for tests}\n',
      'version: 1\nimages:\n  - match: ghcr.io/org/*\n    baseline: ":stable"\n    baseline-required: true\n  - match: [ghcr.io/org/a, oci:b]\n    platforms: linux/s390x\n    fail-on: never\n',
      'version: 1\nsuppressions:\n  - rule: wrong-machine\n    image: ghcr.io/org/emulated\n    platform: linux/arm64\n    path: /opt/**\n    reason: started by box64\n    until: 2027-01-31\n  - {rule: page-size, reason: old, until: 2026-11-28}\n',
      '{"version": 1, "defaults": {"on-undetermined": "fail", "limits": {"layer-bytes": "128GiB"}}, "images": []}',
      'version: 1\ndefaults: &d {scope: image, ignore: &i [/a, /b]}\nimages:\n  - {match: "a", <<: *d}\n  - {match: "b", ignore: *i}\n',
      '# only a comment\n---\nversion: 2\nother: x\n',
    ),
  limit: 4096,
  millisecondsPerKiB: 300,
  words: ['- ', ': ', '<<: *d', '&a ', '*a', '!!binary ', '? ', '---\n', '|\n ', '\n  ', '2027-02-30', '\t'],
  run: input => {
    const read = () => parsePolicy(Buffer.from(input).toString('utf8'), {file: 'p.yml', today: '2026-11-29'})
    const policy = read()
    if (policy.ok) {
      const again = read()
      holds(/^sha256:[0-9a-f]{64}$/.test(policy.value.digest), 'a policy has a digest')
      holds(again.ok && again.value.digest === policy.value.digest, 'which is of its content')
    } else {
      const lines = policy.problem.split('\n')
      holds(
        lines.some(line => /^\d+:\d+: /.test(line)),
        'a problem has its line and column',
      )
    }
    return policy
  },
}
