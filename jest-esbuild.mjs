// The compiler of the bundle is the compiler of the tests.
import {createHash} from 'node:crypto'
import {transformSync, version} from 'esbuild'

export default {
  getCacheKey: (source, path, options) =>
    createHash('sha256')
      .update([version, source, path, String(options.instrument), String(options.supportsStaticESM)].join('\0'))
      .digest('hex'),
  process: (source, path, options) =>
    transformSync(source, {
      loader: 'ts',
      format: options.supportsStaticESM ? 'esm' : 'cjs',
      target: 'node24',
      sourcemap: 'inline',
      sourcefile: path,
    }),
}
