import {parsePullRequest} from '../../../src/github/pull-request.ts'
import {type FuzzTarget, holds, texts} from '../target.ts'

/** The event that a workflow runs for. */
export const target: FuzzTarget = {
  name: 'github-event',
  seeds: () =>
    texts(
      '{"action":"opened","number":7,"pull_request":{"number":7,"head":{"sha":"0123abcd","ref":"x"},"base":{}}}',
      '{"issue":{"number":5,"pull_request":{"url":"https://api.github.com/x"}},"comment":{"body":"/verify"}}',
      '{"issue":{"number":5}}',
      '{"ref":"refs/heads/main","commits":[]}',
      '{"pull_request":null,"issue":null}',
    ),
  limit: 1000,
  millisecondsPerKiB: 20,
  words: ['null', '-1', '1.5', '1e400', '9007199254740993', '"number":', '"head":{}'],
  run: input => {
    const names = ['pull_request', 'pull_request_target', 'issue_comment']
    const readings = names.map(name => parsePullRequest(input, {name, owner: 'o', repo: 'r'}))
    for (const reading of readings) {
      if (reading.kind !== 'pull-request') continue
      const {number, runsOnBase} = reading.pull
      holds(Number.isSafeInteger(number) && number >= 0, `the pull request ${number}`)
      holds(runsOnBase === (reading !== readings[0]), 'only the event pull_request runs on its own branch')
    }
    return readings
  },
}
