/**
 * Wheels of the package index, pinned, for every platform: launchers for Windows in
 * pip, setuptools, distlib and virtualenv.
 */
export const WHEELS: readonly string[] = [
  'distlib==0.4.3',
  'pip==26.2.1',
  'selenium==4.50.0',
  'setuptools==84.0.0',
  'virtualenv==21.14.1',
]
