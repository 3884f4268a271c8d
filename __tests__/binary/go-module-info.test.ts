import {describe, expect, test} from '@jest/globals'
import {identifyAr} from '../../src/binary/ar.ts'
import {parseModuleInfo} from '../../src/binary/go-module-info.ts'

const MARK = 'x'.repeat(16)
const parse = (text: string) => {
  const {settings, ...rest} = parseModuleInfo(Buffer.from(`${MARK}${text}${MARK}`))
  return {...rest, settings: Object.fromEntries(settings)}
}

describe('what go build records', () => {
  test('a program', () => {
    const text =
      'path\tcmd/app\nmod\texample.org/app\tv1.2.3\th1:x\ndep\ta\tv1\nbuild\tGOARCH=arm64\nbuild\tGOOS=linux\n'
    expect(parse(text)).toEqual({
      ...{path: 'cmd/app', module: {path: 'example.org/app', version: 'v1.2.3'}},
      settings: {GOARCH: 'arm64', GOOS: 'linux'},
    })
  })

  test('a module without a version, and lines of less', () => {
    expect(parse('mod\nbuild\nbuild\t\npath\n')).toEqual({path: '', module: {path: '', version: ''}, settings: {}})
    expect(parse('mod\texample.org/app\n')).toEqual({module: {path: 'example.org/app', version: ''}, settings: {}})
  })

  test.each<[line: string, settings: Readonly<Record<string, string>>]>([
    ['a=b=c', {a: 'b=c'}],
    ['-ldflags="-X a=b \\"c\\""', {'-ldflags': '-X a=b "c"'}],
    ['-ldflags=`-X "a"`', {'-ldflags': '-X "a"'}],
    ['"a=b"=c', {'a=b': 'c'}],
    ['`a=b`=c', {'a=b': 'c'}],
    ['"a\\"=b"=c', {'a"=b': 'c'}],
    ['a="b', {a: '"b'}],
    ['a=b"', {a: 'b"'}],
    ['a=x`b`', {a: 'x`b`'}],
    ['a=`b`x', {a: '`b`x'}],
    ['a="\\q"', {a: '"\\q"'}],
    ['a=x"b"', {a: 'x"b"'}],
    ['a="b"x', {a: '"b"x'}],
    ['a=', {a: ''}],
    ['=b', {}],
    ['nothing', {}],
  ])('build %s', (line, settings) => {
    expect(parse(`build\t${line}\n`)).toEqual({settings})
  })

  test.each<[title: string, bytes: Uint8Array | undefined]>([
    ['none', undefined],
    ['marks alone', Buffer.from(`${MARK}${MARK}`)],
    ['too short', Buffer.from('path\n')],
    ['no line end before the mark', Buffer.from(`${MARK}path\tx ${MARK}`)],
  ])('%s: nothing', (_, bytes) => {
    expect(parseModuleInfo(bytes)).toEqual({settings: new Map()})
  })

  test('an empty text', () => {
    expect(parse('\n')).toEqual({settings: {}})
  })
})

describe('a package of Go', () => {
  const archive = (line: string) => identifyAr(Buffer.from(`!<arch>\n${'__.PKGDEF'.padEnd(60)}${line}`))
  test.each([
    ['go object linux arm64 go1.26.1 X:none\n', {goos: 'linux', goarch: 'arm64', version: 'go1.26.1'}],
    ['go object linux arm64\n', undefined],
    ['xgo object linux arm64 go1.26.1\n', undefined],
    [`go object ${'l'.repeat(33)} arm64 go1.26.1\n`, undefined],
  ])('%j', (line, go) => {
    expect(archive(line)).toEqual({kind: 'ar', flavour: 'go-package', ...(go && {go})})
  })
})
