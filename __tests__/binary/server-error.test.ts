import {describe, expect, test} from '@jest/globals'
import {identify, readServerError} from '../../src/binary/index.ts'
import {bytesAccess} from '../../src/lib/bytes.ts'

async function read(text: string) {
  return readServerError(await identify(bytesAccess(new TextEncoder().encode(text))))
}

describe('a saved error page', () => {
  test.each<[string, number | undefined, string | undefined]>([
    ['Not Found', 404, 'Not Found'],
    ['404: Not Found', 404, '404: Not Found'],
    ['404 page not found\n', 404, '404 page not found'],
    ['not found: kubectl-v9', 404, 'not found: kubectl-v9'],
    ['HTTP/1.1 403 Forbidden', 403, 'HTTP/1.1 403 Forbidden'],
    ['Access Denied.', 403, 'Access Denied.'],
    ['error code: 1015', undefined, 'error code: 1015'],
    ['502 Bad Gateway\r\n', 500, '502 Bad Gateway'],
    ['<!DOCTYPE html><html><head><title>404 Not Found</title>', 404, '404 Not Found'],
    ['<html><title>Sign in</title>', undefined, 'Sign in'],
    ['<html>', undefined, undefined],
    ['<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>', 404, 'NoSuchKey'],
    ['<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>', 403, 'AccessDenied'],
    ['<?xml version="1.0"?><Error><Code>BlobNotFound</Code></Error>', 404, 'BlobNotFound'],
    ['{"message": "Not Found", "documentation_url": "x", "status": "404"}', 404, 'Not Found'],
    ['{"errors": [{"code": "UNAUTHORIZED", "message": "authentication required"}]}', 401, 'authentication required'],
    ['{"error": "API rate limit exceeded"}', 429, 'API rate limit exceeded'],
  ])('%j', async (text, status, says) => {
    expect(await read(text)).toEqual({status, says})
  })

  test.each([
    // Texts that a shell runs, data, and documents that only speak of errors.
    'echo Not Found\n',
    'Not Found\necho hello\n',
    '404\nexit 0',
    '#!/bin/sh\n404: Not Found',
    '<svg xmlns="http://www.w3.org/2000/svg"><title>404 Not Found</title></svg>',
    '<?xml version="1.0"?><project name="error"/>',
    '{"name": "app", "messages": {"error": "Not Found"}}',
    '[{"message": "Not Found"}]',
    '{}',
    `{"message": "Not Found", "more": "${'x'.repeat(5000)}"}`,
    `Not found: ${'x'.repeat(400)}`,
    '',
  ])('not %j', async text => {
    expect(await read(text)).toBeUndefined()
  })
})
