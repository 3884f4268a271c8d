import {levelOf, stepEvidence, whereOf} from './chain.ts'
import {platformsOf, type Rule} from './rule.ts'

/** A program of this machine made for another operating system: it may even start, and then dies in its first system call. */
export const wrongOs: Rule = {
  id: 'wrong-os',
  level: 'error',
  summary: 'A program in the startup chain is made for another operating system.',
  *check(facts) {
    for (const {platform, at} of platformsOf(facts)) {
      for (const step of platform.startup.steps) {
        if (step.verdict?.fit !== 'wrong-os') continue
        const {os, reason} = step.verdict
        yield {
          ...at,
          path: step.path,
          ...levelOf(step),
          message: `${whereOf(step)} is a program for ${os}, expected one for ${at.platform}: ${reason}`,
          evidence: {...stepEvidence(step), os, reason},
          fix: `Build ${step.path} for linux (GOOS=linux, or the linux target of the toolchain).`,
        }
      }
    }
  },
}
