import {texts} from '../target.ts'

/** Small files that are not programs of a machine. */
export const FILES: readonly Uint8Array[] = texts(
  '#!/usr/bin/env -S node --flag\nconsole.log(1)\n',
  '#! /bin/sh \t-e \r\n',
  '\ufeff#!/bin/sh\n',
  '!<arch>\n__.PKGDEF       0           0     0     644     1234      `\ngo object linux arm64 go1.26.1 X\n',
  '!<arch>\ndebian-binary   1410122664  0     0     100644  4         `\n2.0\n',
  '<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>',
  '<!DOCTYPE html><html><head><title>Sign in</title></head></html>',
  '{"message":"Not Found","documentation_url":"https://docs.github.com/rest"}',
  '404: Not Found',
  'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a21\nsize 12345\n',
  "MZqFpD='\n\0",
  '\0asm\u0001\0\0\0',
  'PK\u0003\u0004',
)
