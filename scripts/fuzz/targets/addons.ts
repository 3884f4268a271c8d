import {buildZip} from '../../../__tests__/support/zip-builder.ts'
import {isAddonText, readAddonText, readJarNatives} from '../../../src/addons/index.ts'
import {readModuleText} from '../../../src/addons/node/certain-loads.ts'
import {readCertainImports} from '../../../src/addons/python/certain-imports.ts'
import {bytesAccess} from '../../../src/lib/bytes.ts'
import {type FuzzTarget, holds, texts} from '../target.ts'

const PLATFORM = {os: 'linux', architecture: 'amd64', variant: ''}
const NATIVE = 'com/sun/jna/linux-x86-64/libjnidispatch.so'

/**
 * The files that say which add-ons are loaded: package.json, a header of Node, modules of JavaScript and Python, jars.
 */
export const target: FuzzTarget = {
  name: 'addons',
  seeds: () => [
    buildZip([{name: NATIVE}, {name: 'lib/jna.jar', content: buildZip([{name: NATIVE}])}]),
    buildZip([{name: NATIVE}], {isWide: true, comment: 'c'}),
    ...texts(
      '{"name": "a", "version": "1.0.0", "dependencies": {"b": "*"}, "optionalDependencies": {"@a/linux-x64": "1"}}',
      '#define NODE_MODULE_VERSION 137\n',
      "'use strict'\nconst {a} = require('node-gyp-build')(__dirname)\nmodule.exports = require(\"./b\")",
      "import a, {b as c} from 'a'\nexport * from 'b'\nexport let x = a(1)",
      'try { require("a") } catch (e) { throw e }\nif (x) { return } /* c */ // d\n`t`.match(/[/"]/g)',
      'import a.b as c, d\nfrom .e import (\n  f as g,\n)\n',
      '"""text"""\ntry:\n    import a\nexcept ImportError:\n    sys.exit(1)\nfrom . import b\\\n  , c',
    ),
  ],
  limit: 2000,
  millisecondsPerKiB: 100,
  words: ['`$\x7b', '}', "require('", 'import ', 'from ', '"""', '\n    ', '\\\n', '=> ', '/*', '//'],
  run: async input => {
    const text = Buffer.from(input).toString('utf8')
    const module = readModuleText(text)
    const imports = readCertainImports(text)
    holds(
      imports.every(({names, level}) => names.length > 0 || level > 0),
      'an import has a name or a level',
    )
    holds(
      module.loads.every(({specifier}) => text.includes(specifier)),
      'what is loaded stands in the text',
    )
    const paths = ['/app/package.json', '/app/app.deps.json', '/usr/include/node/node_version.h']
    const natives = await readJarNatives(bytesAccess(input), PLATFORM)
    holds(
      natives.every(({words, hasFallback}) => words.length > 0 || hasFallback),
      'a jar is worth telling of',
    )
    return [
      natives,
      module,
      imports,
      ...paths.map(path => [isAddonText({path, size: input.length}), readAddonText(path, input)]),
    ]
  },
}
