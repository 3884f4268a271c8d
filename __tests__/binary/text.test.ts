import {describe, expect, test} from '@jest/globals'
import {identifyText} from '../../src/binary/text.ts'

const of = (content: string | readonly number[]) =>
  identifyText(typeof content === 'string' ? Buffer.from(content) : Uint8Array.from(content))

describe('text', () => {
  const PLAIN = {kind: 'text', encoding: 'ascii', bom: false, hiddenShebang: false}
  test.each<[content: string | readonly number[], expected: object | undefined]>([
    ['a\nb', {...PLAIN, firstLine: 'a'}],
    ['\n\n a b\r\nc', {...PLAIN, firstLine: 'a b'}],
    ['', {...PLAIN, firstLine: ''}],
    [' #!/bin/sh\n', {...PLAIN, hiddenShebang: true, firstLine: '#!/bin/sh'}],
    ['x'.repeat(121), {...PLAIN, firstLine: 'x'.repeat(120)}],
    ['\u00e9', {...PLAIN, encoding: 'utf-8', firstLine: '\u00e9'}],
    ['\ufeffa', {...PLAIN, encoding: 'utf-8', bom: true, firstLine: 'a'}],
    [[0xff, 0xfe, 0x61, 0], {...PLAIN, encoding: 'utf-16le', bom: true, firstLine: 'a'}],
    [[0xfe, 0xff, 0, 0x61], {...PLAIN, encoding: 'utf-16be', bom: true, firstLine: 'a'}],
    // The last letter of what is read may be cut in the middle.
    [[0x61, 0x62, 0x63, 0x64, 0xe2, 0x82], {...PLAIN, encoding: 'utf-8', firstLine: 'abcd\ufffd'}],
    [[0xe2, 0x61, 0x62, 0x63, 0x64], undefined],
    [[0x61, 0x62, 0xff, 0x63, 0x64, 0x65], undefined],
  ])('%j', (content, expected) => {
    expect(of(content)).toEqual(expected)
  })

  test('bytes that are in no text', () => {
    const isText = (byte: number) => of([0x61, byte, 0x62]) !== undefined
    const texts = Array.from({length: 0x80}, (_, byte) => byte).filter(isText)
    expect(texts.filter(byte => byte < 0x20)).toEqual([7, 8, 9, 10, 11, 12, 13, 0x1b])
    expect(isText(0x20)).toBe(true)
    expect(isText(0x7e)).toBe(true)
    expect(isText(0x7f)).toBe(false)
  })
})

describe('a pointer of Git LFS', () => {
  const OID = 'sha256:4d7a'
  const text = (...lines: readonly string[]) => ['version https://git-lfs.github.com/spec/v1', ...lines, ''].join('\n')
  test.each<[content: string, oid: string | undefined, size: number | undefined]>([
    [text(`oid ${OID}`, 'size 12345'), OID, 12345],
    [text(`oid ${OID}`), OID, undefined],
    [text('size 0'), undefined, 0],
    [text(`xoid ${OID}`, 'xsize 1'), undefined, undefined],
    [text(`oid ${OID} x`, 'size 1 x'), undefined, undefined],
    [text(`oid ${OID}`, `size ${'1'.repeat(16)}`), OID, undefined],
  ])('%j', (content, oid, size) => {
    expect(of(content)).toEqual({kind: 'git-lfs-pointer', oid, size})
  })

  test('is at the beginning', () => {
    expect(of(` ${text('size 1')}`)?.kind).toBe('text')
  })
})

describe('markup', () => {
  test.each<[content: string, language: 'html' | 'xml', more?: object]>([
    ['<!DOCTYPE html>', 'html'],
    ['<!doctype   html><title>404 Not\nFound </title>', 'html', {title: '404 Not\nFound'}],
    ['\n<HTML lang="x">', 'html'],
    ['<head>', 'html'],
    ['<body>', 'html'],
    ['<html><title lang="x">a</title><Code>NoSuchKey</Code>', 'html', {title: 'a'}],
    ['<?xml version="1.0"?>\n<!DOCTYPE html>', 'html'],
    ['<?xml version="1.0"?>\n<html>', 'html'],
    ['<?xml version="1.0"?><html>', 'html'],
    ['<?xml version="1.0"?><a><html>', 'xml'],
    ['<a/><?xml version="1.0"?>\n<html>', 'xml'],
    ['<?xml version="1.0"?>\n<!DOCTYPE\thtml>', 'html'],
    ['<!DOCTYPEhtml>', 'xml'],
    ['<?xml version="1.0"?>\n<!DOCTYPEhtml>', 'xml'],
    ['<htmlx>', 'xml'],
    ['<Error><Code>NoSuchKey</Code></Error>', 'xml', {code: 'NoSuchKey'}],
    ['<Error><Code></Code></Error>', 'xml'],
    ['<Error><Code>a b</Code></Error>', 'xml'],
    ['<!-- x -->', 'xml'],
    ['<a><title> </title>', 'xml'],
  ])('%j', (content, language, more = {}) => {
    expect(of(content)).toEqual({kind: 'markup', language, ...more})
  })

  test.each(['< a', '<?php', '<1', 'x <html>', '<<EOF'])('%j is not', content => {
    expect(of(content)?.kind).toBe('text')
  })
})

describe('JSON', () => {
  test.each<[content: string, more?: object]>([
    ['{"a":1}'],
    ['{ }'],
    ['[ 1 ]'],
    ['[{}]'],
    ['[]'],
    ['["a"]'],
    ['{"message":"Not Found"}', {message: 'Not Found', isError: true}],
    ['{"message" : "Not Found"}', {message: 'Not Found', isError: true}],
    ['{"error":\n"x"}', {message: 'x', isError: true}],
    ['{"detail":"\\"x\\""}', {message: '\\"x\\"', isError: true}],
    ['{"errors":[]}', {isError: true}],
    ['{"a":{"message":"x"}}', {message: 'x'}],
    ['[{"message":"x"}]', {message: 'x'}],
    ['{"message":""}', {isError: true}],
    ['{"message":"x"', {message: 'x'}],
    ['{"a":1', {}],
  ])('%j', (content, more = {}) => {
    expect(of(content)).toEqual({kind: 'json', ...more})
  })

  test.each(['{a}', '[ a ]', 'x {"a":1}', '[ "$1" = x ] && exec y', '[[ -n $X ]]', '{ echo; }', '[a]', '[null]'])(
    '%j is not',
    content => {
      expect(of(content)?.kind).toBe('text')
    },
  )
})

describe('what servers answer in place of a file', () => {
  test.each<[content: string, isError: boolean]>([
    ['404 page not found\n', true],
    ['404: Not Found', true],
    ['HTTP/1.1 502 Bad Gateway', true],
    ['error code: 1015', true],
    ['Not found: /a/b', true],
    ['x 404', false],
    ['404 page not found\nx', false],
    [`not found: ${'x'.repeat(200)}`, true],
    [`not found: ${'x'.repeat(201)}`, false],
    ['200 OK', false],
  ])('%j', (content, isError) => {
    const found = of(content)
    expect(found?.kind === 'text' && found.isError === true).toBe(isError)
  })
})
