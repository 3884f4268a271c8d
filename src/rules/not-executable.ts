import {describe} from '../binary/index.ts'
import type {Obstacle, Step} from '../exec/index.ts'
import type {Rule} from './rule.ts'
import {stepEvidence} from './support/chain.ts'
import {octal} from './support/mode.ts'

/**
 * A file of the startup chain may not be executed, or a script not be read, by the image's user; or it is a directory.
 */
export const notExecutable: Rule = {
  id: 'not-executable',
  level: 'error',
  summary: 'The program has no execute permission, or is a directory.',
  checkStep({step, platform}) {
    const barrier = barrierOf(step)
    if (barrier === undefined) return undefined
    const {reason, errno, at} = barrier
    const user = platform.config?.user ?? ''
    const mode = step.node ? octal(step.node.mode) : null
    return {
      message: `${step.path} (${step.via}) ${reasonOf(step, barrier, user)}${nextFailure(step)}`,
      evidence: {...stepEvidence(step), errno, reason, at, mode, user},
      fix: fixOf(step, barrier),
    }
  },
}

interface Barrier {
  readonly reason: Extract<Obstacle, {kind: 'not-executable'}>['reason'] | 'no-read-permission'
  readonly errno: string
  readonly at: string
}

function barrierOf({obstacle}: Step): Barrier | undefined {
  if (obstacle?.kind === 'not-executable') return obstacle
  return obstacle?.kind === 'not-readable' ? {...obstacle, reason: 'no-read-permission'} : undefined
}

function reasonOf(step: Step, {reason, at}: Barrier, user: string): string {
  const who = user === '' ? 'root' : `user ${user}`
  const mode = step.node ? ` (mode ${octal(step.node.mode)})` : ''
  switch (reason) {
    case 'directory':
      return 'is a directory'
    case 'special-file':
      return `is a ${step.node?.kind ?? 'special file'}`
    case 'no-search-permission':
      return `cannot be reached by ${who}: ${at} has no search permission`
    case 'no-execute-permission':
      return `has no execute permission for ${who}${mode}`
    case 'no-read-permission':
      return `cannot be read by ${who}${mode}, and an interpreter has to read it`
  }
}

/**
 * Of a file that no execute permission would help: what it is, so that a chmod does not only lead to the next failure.
 */
function nextFailure({identity, verdict}: Step): string {
  return identity !== undefined && cannotStart(verdict)
    ? `, and would not start with it: it is ${describe(identity)}`
    : ''
}

function cannotStart(verdict: Step['verdict']): boolean {
  return verdict !== undefined && ['foreign', 'refused', 'crashes', 'wrong-os'].includes(verdict.fit)
}

function fixOf({path, verdict}: Step, {reason, at}: Barrier): string {
  switch (reason) {
    case 'directory':
      return `Name the program in ${path}, or copy the file itself to ${path}: COPY makes a directory where its target ends with a slash or is one.`
    case 'special-file':
      return `Copy a regular file to ${path}.`
    case 'no-search-permission':
      return `Give the directory search permission: RUN chmod a+x ${at}.`
    case 'no-execute-permission':
    case 'no-read-permission':
      return cannotStart(verdict)
        ? `Replace ${path} first: chmod alone leads to the next failure.`
        : `COPY --chmod=0755 … ${path}, or chmod 0755 it before it is copied.`
  }
}
