import type {Part} from '../../bench/report/results.ts'

export const MACHINE = {
  processor: 'A Processor',
  processors: 2,
  memory: 8,
  system: 'Linux 6.1',
  node: '24.1.0',
  programs: {docker: '28.2.2', crane: 'absent'},
}

/** A part of results, as it is where a test says nothing else. */
export function part(bench: string, more: Partial<Part> = {}): Part {
  return {
    ...{bench, arguments: ['--rounds', '3'], quick: false, date: '2026-01-31', version: '1.0.0', machine: MACHINE},
    ...{seconds: 12, figures: [], tables: []},
    ...more,
  }
}
