/**
 * The start of a function without arguments that is run when its module is loaded, in the code of a BEAM file:
 * `func_info` (2) with the module's own atom (1), an atom and 0; `label` (1) with a number; `on_load` (149). An operand
 * below 16 is one byte with its tag in the low bits, and one below 2048 two.
 * https://github.com/erlang/otp/blob/master/lib/compiler/src/genop.tab, and its beam_asm.erl
 */
const ON_LOAD =
  /\x02\x12(?:[\x02\x12\x22\x32\x42\x52\x62\x72\x82\x92\xa2\xb2\xc2\xd2\xe2\xf2]|[\x0a\x2a\x4a\x6a\x8a\xaa\xca\xea][\s\S])\x00\x01(?:[\x00\x10\x20\x30\x40\x50\x60\x70\x80\x90\xa0\xb0\xc0\xd0\xe0\xf0]|[\x08\x28\x48\x68\x88\xa8\xc8\xe8][\s\S])\x95/

/**
 * Whether a module of Erlang loads native functions with itself, so that it is not loaded without them: `load_nif` is
 * among its atoms, and it has a function that `-on_load` names. A module that asks
 * for them later is loaded all the same.
 */
export function loadsFunctions(beam: Uint8Array): boolean {
  const text = Buffer.from(beam).toString('latin1')
  return text.startsWith('FOR1') && text.includes('load_nif') && ON_LOAD.test(text)
}
