import type {Attempt} from './attempt.ts'
import type {Disagreement} from './compare.ts'
import {readLabel} from './stand-in.ts'
import {treeOf} from './start-script.ts'

/** A disagreement, with all that is needed to see who is right. */
export function describeAttempt({script, startup, trace}: Attempt, disagreement?: Disagreement): string {
  const {entrypoint, cmd, cwd, user, env} = script
  return [
    ...(disagreement ? [`${disagreement.kind}: ${disagreement.about}`] : []),
    `  ${JSON.stringify([...entrypoint, ...cmd])} in ${cwd} as ${user || 'root'} with ${env.join(' ')}`,
    ...describeTree(script),
    `  run: ends with ${trace.outcome}, prints ${JSON.stringify(trace.output)}`,
    ...trace.executions.map(({pid, path, argv, errno, exe}) => {
      const became = errno === 0 ? `is ${exe}` : `errno ${errno}`
      return `    process ${pid - trace.first}: ${path} ${JSON.stringify(argv)} ${became}`
    }),
    '  model:',
    ...startup.steps.map(({certainty, role, path, argv, via, obstacle, verdict, maybe}) => {
      const words = argv ? ` ${JSON.stringify(argv)}` : ''
      return `    ${certainty} ${role} ${path}${words}, ${via}: ${obstacle?.kind ?? verdict?.fit ?? ''}${maybe === undefined ? '' : `, maybe: ${maybe.by.name}`}`
    }),
    ...startup.unknowns.map(({reason}) => `    unknown: ${reason}`),
  ].join('\n')
}

function describeTree(script: Attempt['script']): readonly string[] {
  return Object.entries(treeOf(script)).map(([path, entry]) => {
    const plain = typeof entry === 'string' || entry instanceof Uint8Array ? {content: entry} : entry
    const {content = '', kind, link, mode} = plain
    const kinds = [kind, link && `-> ${link}`, mode === undefined ? '' : mode.toString(8)].filter(Boolean).join(' ')
    if (content instanceof Uint8Array) {
      const machine = content[18] === 62 ? 'native' : 'foreign'
      return `  ${path} ${kinds} stand-in ${readLabel(content.subarray(-64))}, ${machine}`
    }
    return `  ${path} ${kinds}${content === '' ? '' : `\n${content.trimEnd().replace(/^/gm, '    | ')}`}`
  })
}
