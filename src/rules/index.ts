import {ambiguousDocument} from './ambiguous-document.ts'
import {badShebang} from './bad-shebang.ts'
import {capabilityNotGranted} from './capability-not-granted.ts'
import {configPlatformMismatch} from './config-platform-mismatch.ts'
import {dockerfileRules} from './dockerfile-rules.ts'
import {foreignExecutable} from './foreign-executable.ts'
import {identicalPlatforms} from './identical-platforms.ts'
import {indexEntry} from './index-entry.ts'
import {libcTooOld} from './libc-too-old.ts'
import {missingAddon} from './missing-addon.ts'
import {missingInterpreter} from './missing-interpreter.ts'
import {missingLibrary} from './missing-library.ts'
import {missingProgram} from './missing-program.ts'
import {notAProgram} from './not-a-program.ts'
import {notExecutable} from './not-executable.ts'
import {pageSize} from './page-size.ts'
import {platformDuplicate} from './platform-duplicate.ts'
import {platformLost} from './platform-lost.ts'
import {platformMalformed} from './platform-malformed.ts'
import {platformMissing} from './platform-missing.ts'
import {platformStale} from './platform-stale.ts'
import {platformUnreadable} from './platform-unreadable.ts'
import {programParity} from './program-parity.ts'
import {refusedArguments} from './refused-arguments.ts'
import {refusedByEngine} from './refused-by-engine.ts'
import type {Rule} from './rule.ts'
import {undetermined} from './undetermined.ts'
import {variantTooNew} from './variant-too-new.ts'
import {wrongMachine} from './wrong-machine.ts'
import {wrongOs} from './wrong-os.ts'

/** All rules, in the order in which findings of one level are reported. */
export const RULES: readonly Rule[] = [
  platformMissing,
  platformLost,
  platformUnreadable,
  platformMalformed,
  ambiguousDocument,
  refusedByEngine,
  configPlatformMismatch,
  identicalPlatforms,
  wrongMachine,
  wrongOs,
  variantTooNew,
  notAProgram,
  missingProgram,
  notExecutable,
  badShebang,
  refusedArguments,
  missingInterpreter,
  missingLibrary,
  libcTooOld,
  missingAddon,
  foreignExecutable,
  indexEntry,
  platformDuplicate,
  platformStale,
  pageSize,
  capabilityNotGranted,
  programParity,
  undetermined,
  ...dockerfileRules,
]
