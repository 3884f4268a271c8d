import {UsageError} from '../errors.ts'
import {planOf} from '../fleet/plan.ts'
import type {OpenImage} from '../pipeline/check.ts'
import {type Command, parseCommand} from './arguments.ts'
import type {ListRegistry, ReadFile} from './image-lists.ts'

/** What `verify-image-arch plan --images-from FILE` is to do. */
export interface PlanCommand extends Pick<Command, 'options' | 'leftOut'> {
  readonly withSizes: boolean
  /** `-` is standard output. */
  readonly file: string
}

/** Reads the arguments behind `plan`: those of a check, and `--sizes`. */
export async function parsePlan(
  argv: readonly string[],
  readFile: ReadFile,
  today?: () => string,
  listRegistry?: ListRegistry,
): Promise<PlanCommand | 'help'> {
  const withSizes = argv.includes('--sizes')
  const command = await parseCommand(
    argv.filter(argument => argument !== '--sizes'),
    readFile,
    today,
    listRegistry,
  )
  if (command === 'help' || command === 'version') return 'help'
  const {options, targets, leftOut, streaming} = command
  if (options.images.length === 0) throw new UsageError('plan: no image is given')
  if (streaming !== undefined) throw new UsageError('plan: it checks nothing: give --stream to the runs of its parts')
  const [target, ...more] = targets
  if (target === undefined || more.length > 0 || target.format !== 'text') {
    throw new UsageError('plan: it writes one plan, to --output FILE: it has no --format and no --report')
  }
  return {options, leftOut, withSizes, file: target.file}
}

/** The plan as a text. */
export function runPlan({options, withSizes}: PlanCommand, open: OpenImage): Promise<string> {
  return planOf(options, open, withSizes)
}
