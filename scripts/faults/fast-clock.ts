/*
 * Loaded before the program under test by `node --import`: time passes FAULTS_SPEED times as fast
 * for it, so that pauses between attempts and limits of waiting take a fraction of what they take
 * its users. Nothing else of it changes.
 */
import {createRequire, syncBuiltinESMExports} from 'node:module'

const SPEED = Number(process.env.FAULTS_SPEED ?? 1)

const timers: typeof import('node:timers/promises') = createRequire(import.meta.url)('node:timers/promises')
const {setTimeout: later} = globalThis
const {setTimeout: pause} = timers
const now = performance.now.bind(performance)

const sooner = (callback: () => void, milliseconds = 0, ...values: []) =>
  later(callback, milliseconds / SPEED, ...values)
// util.promisify(setTimeout) finds its promise there.
globalThis.setTimeout = Object.assign(sooner, {__promisify__: later.__promisify__})
timers.setTimeout = (milliseconds = 0, ...rest) => pause(milliseconds / SPEED, ...rest)
performance.now = () => now() * SPEED
syncBuiltinESMExports()
