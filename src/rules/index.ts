import {missingProgram} from './missing-program.ts'
import {notAProgram} from './not-a-program.ts'
import {notExecutable} from './not-executable.ts'
import {platformMissing} from './platform-missing.ts'
import type {Rule} from './rule.ts'
import {undetermined} from './undetermined.ts'
import {wrongMachine} from './wrong-machine.ts'
import {wrongOs} from './wrong-os.ts'

/** All rules, in the order in which findings of one level are told. */
export const RULES: readonly Rule[] = [
  platformMissing,
  wrongMachine,
  wrongOs,
  notAProgram,
  missingProgram,
  notExecutable,
  undetermined,
]
