import {describe, expect, test} from '@jest/globals'
import {readCertainImports} from '../../src/addons/python/certain-imports.ts'
import {cpuTime} from '../support/cpu-time.ts'

const importsOf = (text: string) =>
  readCertainImports(text).map(({level, names, taken}) => {
    const name = `${'.'.repeat(level)}${names.join('.')}`
    return taken.length === 0 ? name : `${name}: ${taken.join(' ')}`
  })

describe('what a module imports for certain', () => {
  test.each([
    ['import a', ['a']],
    ['import a.b.c as d, e # x', ['a.b.c', 'e']],
    ['import a; import b', ['a']],
    ['from a import b', ['a: b']],
    ['from .a.b import (\n  c as d, # x\n  e,\n)', ['.a.b: c e']],
    ['from .. import a', ['..: a']],
    ['from . import *', ['.']],
    ['from a import \\\n  b', ['a: b']],
    ['from a import b; c()', ['a: b']],
    [
      '#!/usr/bin/python3\n# -*- coding: utf-8 -*-\nimport re\nfrom a.b import main\nif __name__ == "__main__":\n    sys.exit(main())\n',
      ['re', 'a.b: main'],
    ],
    ['"""text\nimport a\n"""\nimport b', ['b']],
    ["x = '''\nimport a\n'''\nimport b", ['b']],
    ["x = 'it\\'s' # import a\nimport b", ['b']],
    ['x = [\n  1,\nimport_me]\nimport b', ['b']],
    ['def f():\n    sys.exit(1)\nimport a', ['a']],
    ['\ufeffimport a\r\nimport b\r\n', ['a', 'b']],
    ['from __future__ import annotations\nimport a', ['a']],
    ['from ...a import b', ['...a: b']],
    ['importa\nfrom a importb\nimport\nfrom import x\nimport a b\nimport 1a', []],
    ['try:\n    import a\nexcept ImportError:\n    a = None', []],
    ['try: import a\nexcept: pass', []],
    ['if x:\n\timport a', []],
    ['def f():\n  import a', []],
    [' import a', []],
    ['raise SystemExit\nimport a', []],
    ['sys.exit(0)\nimport a', []],
    ['if x:\n    sys.exit(0)\nimport a', []],
    ['try:\n  main()\nfinally:\n  os._exit(0)\nimport a', []],
    ['x = (import_a\nimport a', []],
    ['x = "\nimport a', []],
    ['"""\nimport a', []],
  ])('%j', (text, expected) => {
    expect(importsOf(text)).toEqual(expected)
  })

  test('cut off anywhere', () => {
    const text = 'import a\nx = """b""" + (1)\nfrom .c import (d,\n e)\n'
    for (let length = 0; length <= text.length; length += 1) {
      expect(['', 'a', 'a .c', 'a .c: d', 'a .c: d e']).toContain(
        importsOf(text.slice(0, length)).join(' ').replace('.c: d e', '.c: d e'),
      )
    }
  })

  test.each([
    ['blanks', `from${' '.repeat(200_000)}a import b`],
    ['blanks between names', 'a '.repeat(200_000)],
    ['dots', `from ${'.'.repeat(200_000)}a import b`],
    ['names', `import ${'a, '.repeat(50_000)}b`],
    ['parts', `import ${'a.'.repeat(50_000)}b!`],
    ['as', `import ${'a as '.repeat(50_000)}b`],
    ['brackets', '('.repeat(200_000)],
    ['quotes', '"'.repeat(200_001)],
    ['lines', 'import a\n'.repeat(50_000)],
    ['indented lines', ' x\n'.repeat(100_000)],
  ])('many %s take little time', (_, text) => {
    const start = cpuTime()
    readCertainImports(text)
    expect(cpuTime() - start).toBeLessThan(3000)
  })
})
