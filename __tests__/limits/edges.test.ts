import {describe, expect, test} from '@jest/globals'
import {DEFAULT_LIMITS, isRaisable, LIMIT_NAMES, LIMITS, type LimitName, type Limits} from '../../src/lib/limits.ts'
import {ADDON_EDGES} from './addon-edges.ts'
import {type Edge, type Edges, FINE} from './edge.ts'
import {ELF_EDGES} from './elf-edges.ts'
import {HOLDER_EDGES} from './holder-edges.ts'
import {IMAGE_EDGES} from './image-edges.ts'
import {PROGRAM_EDGES} from './program-edges.ts'
import {RUN_EDGES} from './run-edges.ts'
import {SCRIPT_EDGES} from './script-edges.ts'
import {SERVER_EDGES} from './server-edges.ts'

const EDGES: Edges = {
  ...ADDON_EDGES,
  ...IMAGE_EDGES,
  ...HOLDER_EDGES,
  ...ELF_EDGES,
  ...PROGRAM_EDGES,
  ...SCRIPT_EDGES,
  ...SERVER_EDGES,
  ...RUN_EDGES,
}

test('each limit is tried at its edge', () => {
  expect(LIMIT_NAMES.filter(name => EDGES[name] === undefined)).toEqual([])
  expect(Object.keys(EDGES).filter(name => !Object.hasOwn(LIMITS, name))).toEqual([])
})

describe('at a limit all is read, beyond it not', () => {
  test.each(Object.entries(EDGES) as [LimitName, Edge][])(
    '%s',
    async (name, {most, step = 1, look, beyond}) => {
      const edge = most ?? LIMITS[name].most
      const limitsOf = (value: number): Limits =>
        isRaisable(name) ? {...DEFAULT_LIMITS, [name]: value} : DEFAULT_LIMITS
      expect(await look(edge, limitsOf(edge))).toBe(FINE)
      const told = await look(edge + step, limitsOf(edge))
      if (typeof told === 'object' && told !== null) expect(told).toMatchObject(beyond ?? errorOf(name))
      else expect(told).toEqual(beyond ?? errorOf(name))
      // Who raises it has it read.
      if (isRaisable(name)) expect(await look(edge + step, limitsOf(edge + step))).toBe(FINE)
    },
    60_000,
  )
})

/** What is told where the check cannot be made. */
function errorOf(name: LimitName): object {
  return {
    code: 'unsupported',
    message: expect.stringContaining(`(limit ${name})`),
    hint: expect.stringMatching(new RegExp(`raise it with limits: ${name}=\\d+([KMGT]iB)?\\.$`)),
  }
}
