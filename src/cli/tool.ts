import {defined} from '../lib/defined.ts'
import type {Tool} from '../pipeline/check.ts'

/** The command as a report names it, which gives its advice in flags. */
export function commandTool({version, digest}: Pick<Tool, 'version' | 'digest'>): Tool {
  return {version, ...defined({digest}), door: 'command'}
}
