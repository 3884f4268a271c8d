import {describe, expect, test} from '@jest/globals'
import {readModuleText} from '../../src/addons/node/certain-loads.ts'
import {cpuTime} from '../support/cpu-time.ts'

const loadsOf = (text: string) =>
  readModuleText(text).loads.map(({specifier, isCalled}) => (isCalled ? `${specifier}()` : specifier))

describe('what a module loads for certain', () => {
  test.each([
    ["require('a')", ['a']],
    ["const a = require('a'), b = require('b')", ['a']],
    ['const {a, b: {c}} = require("a");', ['a']],
    ["let [a] = require('a')\nvar b = require('b').c", ['a', 'b']],
    ["'use strict'\nmodule.exports = require('a')", ['a']],
    ["exports.a = require('a')", ['a']],
    ["const a = __importDefault(require('a'));", ['a']],
    ["const x = require('a')(__dirname)", ['a()']],
    ["const load = require('a')\nmodule.exports = load(__dirname)", ['a()']],
    ["const a_1 = __importDefault(require('a'));\nconst b = (0, a_1.default)((0, path_1.join)(__dirname));", ['a()']],
    ["import load from 'a'\nexport let x = load(dir)", ['a()']],
    ["import a from 'a'; import {b} from 'b'\nimport * as c from 'c'\nimport 'd'", ['a', 'b', 'c', 'd']],
    ["import def, {x as y} from 'a'", ['a']],
    ["export * from 'a'\nexport {x} from 'b'", ['a', 'b']],
    ["import a from 'a' with {type: 'json'}", ['a']],
    ["foo()\nconst a = require('a')", ['a']],
    ["if (x) { y() }\nconst a = require('a')", ['a']],
    ["function f() { return 1 }\nconst a = require('a')", ['a']],
    ["const f = () => { process.exit(1) }\nconst a = require('a')", ['a']],
    ["#!/usr/bin/env node\n// c\n/* c */ require('a')", ['a']],
    ["const r = /['\"`]/g\nconst a = require('a')", ['a']],
    ['const t = `$' + '{x({y: `}`})}`\nconst a = require("a")', ['a']],
    ["const n = 4 / 2 / 1\nconst a = require('a')", ['a']],
    ["process.exit(0)\nimport 'a'", ['a']],
  ])('%j', (text, expected) => {
    expect(loadsOf(text)).toEqual(expected)
  })

  test.each([
    ["try { require('a') } catch {}"],
    ["try {\n  module.exports = require('a')(__dirname)\n} catch (e) {\n  module.exports = require('./b')\n}"],
    ["if (x) require('a')"],
    ["if (x)\n  require('a')"],
    ["if (x)\n  var a = require('a')"],
    ["else\nrequire('a')"],
    ["x && require('a')"],
    ["const a = x ? require('a') : require('b')"],
    ["const a = x ||\n  require('a')"],
    ["const f = () => require('a')"],
    ["function f() {\n  require('a')\n}"],
    ["class A {\n  static x = require('a')\n}"],
    ["const a = {\n  get b() { return require('a') }\n}"],
    ['const a = require(name)'],
    ['const a = require(`a`)'],
    ["const a = requires('a')"],
    ["a.require('a')"],
    ["import('a')"],
    ["import type {A} from 'a'"],
    ["export const a = 'a'"],
    ["// require('a')"],
    ["/* require('a') */"],
    ['\'require("a")\''],
    ["process.exit(0)\nrequire('a')"],
    ["if (x) { process.exit(0) }\nconst a = require('a')"],
    ["if (x) { return }\nconst a = require('a')"],
    ["return\nrequire('a')"],
    ["process.on('uncaughtException', () => {})\nrequire('a')"],
    ["const a == require('a')"],
  ])('nothing: %j', text => {
    expect(loadsOf(text)).toEqual([])
  })

  const madeOf = (text: string) =>
    readModuleText(text).loads.flatMap(({specifier, isMade}) => (isMade === true ? [specifier] : []))

  test.each([
    ["const A = require('a')\nnew A('x')"],
    ["const A = require('a')\nconst db = new A('x', {readonly: true})"],
    ["const A = require('a')\nmodule.exports = new A(path.join(dir, 'x'))"],
    ["import A from 'a'\nexport const db = new A(process.env.DB ?? 'x')"],
    ["const a_1 = __importDefault(require('a'));\nconst db = new a_1.default('x');"],
    ["const db = new (require('a'))('x')"],
  ])('an object is made of what is loaded: %j', text => {
    expect(madeOf(text)).toEqual(['a'])
  })

  test.each([
    ["const A = require('a')"],
    ["const A = require('a')\nconst f = () => new A('x')"],
    ["const A = require('a')\ntry { new A('x') } catch {}"],
    ["const A = require('a')\nif (y) new A('x')"],
    ["const A = require('a')\nnew A.Other('x')"],
    ["const A = require('a')\nnew B('x')"],
    ["const A = require('a')\nnew A('x', {nativeBinding: './y.node'})"],
    ["const A = require('a')\nnew A('x', {'nativeBinding': './y.node'})"],
    ["const A = require('a')\nnew A('x', {...settings})"],
    ["const A = require('a')\nnew A(...words)"],
    ["const A = require('a')\nnew A('x', {[name]: 1})"],
    ["const A = require('a')\nnew A('x', {__proto__: settings})"],
    ["const A = require('a')\nnew A('x', settings)"],
    ["const A = require('a')\nnew A"],
    ["const db = new (require('a').B)('x')"],
    ["const db = new (require('a')(x))('x')"],
    ["const A = require('a')\nprocess.exit(0)\nnew A('x')"],
  ])('none is: %j', text => {
    expect(madeOf(text)).toEqual([])
  })

  test('a throw that runs with the module, and others', () => {
    expect(readModuleText("if (!a) {\n  throw new Error('x')\n}").throws).toBe(true)
    expect(readModuleText('try { x() } catch (e) { throw e }').throws).toBe(true)
    expect(readModuleText('function f() { throw e }').throws).toBe(false)
    expect(readModuleText('const f = () => { if (x) { throw e } }').throws).toBe(false)
  })

  test('what does not end is not read', () => {
    const text = "require('a')\nconst x = {y: [`a`, /c/]}; f(1) /* d */"
    expect(loadsOf(text)).toEqual(['a'])
    for (const bad of ["'", '"a\n"', '`', '`$\x7b', '/*', '{', '(', ')', '(]', '}', 'x = /[/']) {
      expect(loadsOf(`${text}\n${bad}`)).toEqual([])
    }
    for (let length = 0; length <= text.length; length += 1) {
      expect([0, 1]).toContain(loadsOf(text.slice(0, length)).length)
    }
  })

  test.each([
    ['brackets', '('.repeat(100_000)],
    ['closed brackets', '{['.repeat(50_000) + ']}'.repeat(50_000)],
    ['comments', '//\n'.repeat(100_000)],
    ['imports', 'import a from b\n'.repeat(20_000)],
    ['exports', 'export {'.repeat(30_000)],
    ['assignments', 'a = b = '.repeat(50_000)],
    ['templates', '`$\x7b'.repeat(50_000)],
    ['quotes', "'a' ".repeat(50_000)],
    ['regular expressions', '/a/\n'.repeat(50_000)],
    ['one name', 'a.'.repeat(100_000)],
  ])('many %s take little time', (_, text) => {
    const start = cpuTime()
    readModuleText(text)
    expect(cpuTime() - start).toBeLessThan(2000)
  })
})
