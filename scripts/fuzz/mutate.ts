import type {Random} from '../kernel/random.ts'

/** What new inputs are made of. */
export interface Material {
  readonly random: Random
  /** Inputs that were worth keeping. */
  readonly corpus: readonly Uint8Array[]
  readonly words: readonly Uint8Array[]
  /** In bytes: a longer input is cut. */
  readonly limit: number
}

type Mutation = (input: Uint8Array, material: Material) => Uint8Array

/** Changes an input in one to eight steps, few more often than many. */
export function mutate(input: Uint8Array, material: Material): Uint8Array {
  const {random, limit} = material
  let changed = input
  do changed = random.pick(MUTATIONS)(changed, material).subarray(0, limit)
  while (!random.oneIn(3))
  return changed
}

/** Numbers at which readers go wrong: around zero, and around the ends of each size. */
const EDGES = [0n, 1n, 7n, 8n, 15n, 16n, 31n, 32n, 63n, 64n, 127n, 128n, 255n, 256n, 511n, 512n, 4095n, 4096n]
const POWERS = [15n, 16n, 31n, 32n, 52n, 53n, 63n, 64n].flatMap(bits => [2n ** bits - 1n, 2n ** bits])
const NUMBERS = [...EDGES, ...POWERS, -1n, -2n]

const MUTATIONS: readonly Mutation[] = [
  (input, {random}) =>
    overwrite(input, place(input, random), [(byteAt(input, random) ^ (1 << random.below(8))) & 0xff]),
  (input, {random}) => overwrite(input, place(input, random), [random.below(256)]),
  (input, {random}) => overwrite(input, place(input, random), [(byteAt(input, random) + random.below(33) - 16) & 0xff]),
  (input, {random}) => overwrite(input, place(input, random), binary(random)),
  (input, {random}) => insert(input, place(input, random), randomBytes(random)),
  (input, {random}) => insert(input, place(input, random), Buffer.from(random.pick(SIGNS))),
  (input, {random}) => remove(input, place(input, random), 1 + random.below(4)),
  (input, {random}) => remove(input, place(input, random), span(input, random)),
  (input, {random, words}) => insert(input, place(input, random), words.length === 0 ? [] : random.pick(words)),
  (input, {random, words}) => insert(input, place(input, random), words.length === 0 ? [] : random.pick(words)),
  (input, {random, words}) => overwrite(input, place(input, random), words.length === 0 ? [] : random.pick(words)),
  (input, {random}) => insert(input, place(input, random), part(input, random)),
  (input, {random}) => overwrite(input, place(input, random), part(input, random)),
  (input, {random, corpus}) => insert(input, place(input, random), part(random.pick(corpus), random)),
  (input, {random, corpus}) => overwrite(input, place(input, random), part(random.pick(corpus), random)),
  (input, {random, corpus}) => crossed(input, random.pick(corpus), random),
  (input, {random}) => input.subarray(0, place(input, random)),
  changeDecimal,
  swapLines,
  repeatPart,
]

/** What structures text. */
const SIGNS = [...' \n\t\r\0"\'`\\/:;,.=+-*?!#$%&|<>()[]{}@~^_09aAzZ\u007f\u0080\u00ff\u2028\ufeff']

function place(input: Uint8Array, random: Random): number {
  return random.below(input.length + 1)
}

/** Mostly short, now and then anything up to the whole. */
function span(input: Uint8Array, random: Random): number {
  return 1 + random.below(random.oneIn(4) ? Math.max(1, input.length) : 16)
}

function part(input: Uint8Array, random: Random): Uint8Array {
  const start = place(input, random)
  return input.subarray(start, start + span(input, random))
}

function byteAt(input: Uint8Array, random: Random): number {
  return input[random.below(Math.max(1, input.length))] ?? 0
}

function randomBytes(random: Random): Uint8Array {
  return Uint8Array.from({length: 1 + random.below(random.oneIn(8) ? 64 : 4)}, () => random.below(256))
}

function binary(random: Random): Uint8Array {
  const width = random.pick([1, 2, 4, 8])
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt.asUintN(64, random.pick(NUMBERS)))
  const little = bytes.subarray(0, width)
  return random.oneIn(2) ? little : Uint8Array.from(little).reverse()
}

function changeDecimal(input: Uint8Array, {random}: Material): Uint8Array {
  const numbers = [
    ...Buffer.from(input)
      .toString('latin1')
      .matchAll(/[0-9]+/g),
  ]
  if (numbers.length === 0) return input
  const {index, 0: digits} = random.pick(numbers)
  const value = random.pick([...NUMBERS, BigInt(digits.slice(0, 20)) + BigInt(random.below(5) - 2)])
  const text = value.toString(random.oneIn(4) ? 8 : 10)
  return insert(remove(input, index, digits.length), index, Buffer.from(text))
}

function swapLines(input: Uint8Array, {random}: Material): Uint8Array {
  const lines = Buffer.from(input).toString('latin1').split('\n')
  const from = random.below(lines.length)
  const [line = ''] = lines.splice(from, 1)
  lines.splice(random.below(lines.length + 1), 0, ...(random.oneIn(3) ? [line, line] : [line]))
  return Buffer.from(lines.join('\n'), 'latin1')
}

/** Many of the same: what takes time with the square of the size, or nests. */
function repeatPart(input: Uint8Array, {random, limit}: Material): Uint8Array {
  const piece = part(input, random)
  if (piece.length === 0) return input
  const times = random.pick([2, 3, 8, 60, 500])
  const room = Math.max(0, Math.floor((limit - input.length) / piece.length))
  const all = Buffer.concat(Array.from({length: Math.min(times, room)}, () => piece))
  return insert(input, place(input, random), all)
}

function crossed(input: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  return Buffer.concat([input.subarray(0, place(input, random)), other.subarray(place(other, random))])
}

function insert(input: Uint8Array, at: number, bytes: ArrayLike<number>): Uint8Array {
  return Buffer.concat([input.subarray(0, at), Uint8Array.from(bytes), input.subarray(at)])
}

function overwrite(input: Uint8Array, at: number, bytes: ArrayLike<number>): Uint8Array {
  return Buffer.concat([input.subarray(0, at), Uint8Array.from(bytes), input.subarray(at + bytes.length)])
}

function remove(input: Uint8Array, at: number, length: number): Uint8Array {
  return Buffer.concat([input.subarray(0, at), input.subarray(at + length)])
}
