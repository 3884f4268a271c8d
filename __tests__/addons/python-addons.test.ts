// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text
import {describe, expect, test} from '@jest/globals'
import {buildElf} from '../support/elf-builder.ts'
import {executable, type MemoryTree} from '../support/memory-rootfs.ts'
import {checkWholeImage} from '../support/whole-image.ts'

const OWN = buildElf({machine: 183, type: 'dyn', entry: 0, soname: 'x.so'})
const OTHER = buildElf({machine: 62, type: 'dyn', entry: 0, soname: 'x.so'})
const PROGRAM = executable(buildElf({machine: 183, align: 0x10000}))
const SUFFIX = '.cpython-313-aarch64-linux-gnu.so'
const X64 = '.cpython-313-x86_64-linux-gnu.so'
const LIB = '/usr/local/lib/python3.13'
const PYTHON: MemoryTree = {
  '/usr/local/bin/python3.13': PROGRAM,
  '/usr/local/bin/python3': {link: 'python3.13'},
  [`${LIB}/lib-dynload/_json${SUFFIX}`]: OWN,
}
const at = (path: string, site = `${LIB}/site-packages`) => `${site}/core/${path}`
const INIT = 'from core._core import x\n'
const CORE = {[at('__init__.py')]: INIT}

interface Case {
  readonly files: MemoryTree
  readonly entrypoint?: readonly string[]
  readonly env?: readonly string[]
  readonly workingDir?: string
  readonly volumes?: readonly string[]
}

async function told({
  files,
  entrypoint = ['/usr/local/bin/python3.13'],
  env = [],
  workingDir = '/',
  volumes = [],
}: Case) {
  const config = {entrypoint: [...entrypoint], env: ['PATH=/usr/local/bin:/bin', ...env], workingDir, volumes}
  const {findings} = await checkWholeImage([{platform: 'linux/arm64', config, files: {...PYTHON, ...files}}])
  return findings.filter(({rule}) => rule !== 'undetermined').map(({rule, level, message}) => [rule, level, message])
}

const MISSING = `core in ${LIB}/site-packages/core has no add-on for linux/arm64: it needs _core${SUFFIX}, and has _core${X64}`

describe('extension modules of Python', () => {
  test('for another machine', async () => {
    expect(await told({files: {...CORE, [at(`_core${X64}`)]: OTHER}})).toEqual([['missing-addon', 'warning', MISSING]])
  })

  test.each<[string, MemoryTree, string]>([
    [
      'another release',
      {[at('_core.cpython-312-aarch64-linux-gnu.so')]: OWN},
      '_core.cpython-312-aarch64-linux-gnu.so',
    ],
    [
      'another C library',
      {[at('_core.cpython-313-aarch64-linux-musl.so')]: OWN},
      '_core.cpython-313-aarch64-linux-musl.so',
    ],
    ['PyPy', {[at('_core.pypy310-pp73-aarch64-linux-gnu.so')]: OWN}, '_core.pypy310-pp73-aarch64-linux-gnu.so'],
  ])('for %s', async (_, files, has) => {
    expect(await told({files: {...CORE, ...files}})).toEqual([
      ['missing-addon', 'warning', MISSING.replace(`_core${X64}`, has)],
    ])
  })

  test.each<[string, string]>([
    ['the stable ABI', '_core.abi3.so'],
    ['no name of a machine', '_core.so'],
    ['the own name', `_core${SUFFIX}`],
  ])('of another machine under %s', async (_, name) => {
    expect(await told({files: {...CORE, [at(name)]: OTHER}})).toEqual([
      [
        'missing-addon',
        'warning',
        `core in ${LIB}/site-packages/core loads ${name}, which is x86-64, expected aarch64 (linux/arm64)`,
      ],
    ])
  })

  test.each<[string, MemoryTree]>([
    ['the own', {[at(`_core${SUFFIX}`)]: OWN}],
    ['of the stable ABI', {[at('_core.abi3.so')]: OWN}],
    ['of no ABI', {[at('_core.so')]: OWN}],
    ['a link', {[at('_core.so')]: {link: '/opt/x.so'}}],
  ])('nothing beside one that it takes: %s', async (_, files) => {
    const found = await told({files: {...CORE, ...files}})
    expect(found.filter(([rule]) => rule === 'missing-addon')).toEqual([])
    const both = await told({files: {...CORE, ...files, [at(`_core${X64}`)]: OTHER}})
    expect(both.filter(([rule]) => rule === 'missing-addon')).toEqual([])
  })

  const wrong = {[at(`_core${X64}`)]: OTHER}
  test.each<[string, MemoryTree]>([
    [
      'in try',
      {[at('__init__.py')]: 'try:\n    from core._core import x\nexcept ImportError:\n    x = None\n', ...wrong},
    ],
    ['never', {[at('__init__.py')]: '', ...wrong}],
    ['by a module that nothing imports', {[at('__init__.py')]: '', [at('other.py')]: INIT, ...wrong}],
    ['and source stands beside', {...CORE, ...wrong, [at('_core.py')]: ''}],
    ['and bytecode stands beside', {...CORE, ...wrong, [at('_core.pyc')]: ''}],
    [
      'by a name that the package may have',
      {[at('__init__.py')]: '_core = None', [at('a.py')]: 'from core import _core', ...wrong},
    ],
    ['there is no package', wrong],
    [
      'and the release has no modules of its own',
      {
        '/opt/lib/python3.9/site-packages/core/__init__.py': INIT,
        [`/opt/lib/python3.9/site-packages/core/_core${X64}`]: OTHER,
      },
    ],
    [
      'and two Pythons of one release differ',
      {...CORE, ...wrong, '/opt/lib/python3.13/lib-dynload/_json.cpython-313-aarch64-linux-musl.so': OWN},
    ],
    ['of a suffix that only some releases take', {...CORE, [at('_core.abi3-x86_64-linux-gnu.so')]: OTHER}],
    ['a library beside', {...CORE, [at(`_core${SUFFIX}`)]: OWN, [at('libx-1a2b.so')]: OTHER}],
  ])('nothing where it is imported %s', async (_, files) => {
    expect((await told({files})).filter(([rule]) => rule === 'missing-addon')).toEqual([])
  })

  test('through modules of the package', async () => {
    const files = {
      [at('__init__.py')]: 'from .a import *\n',
      [at('a.py')]: 'from core.deep.b import y\n',
      [at('deep/__init__.py')]: '',
      [at('deep/b.py')]: 'from .._core import z\n',
      ...wrong,
    }
    expect(await told({files})).toEqual([['missing-addon', 'warning', MISSING]])
  })

  const MAIN = {
    ...CORE,
    ...wrong,
    [at('__main__.py')]: '',
    '/app/web/__init__.py': '',
    '/app/web/__main__.py': 'import core\n',
  }
  test.each<[string, readonly string[], 'error' | 'warning']>([
    ['a package', ['python3', '-m', 'core'], 'error'],
    ['a package, with options', ['python3', '-u', '-X', 'dev', '-Wonce', '-Imcore'], 'error'],
    ['a package of the application', ['python3', '-m', 'web'], 'error'],
    ['a module of it', ['python3', '-m', 'web.a.b'], 'error'],
    ['a package that it does not see', ['python3', '-P', '-m', 'web'], 'warning'],
    ['a module that is not there', ['python3', '-m', 'web.nowhere'], 'warning'],
    ['a module without what runs', ['python3', '-m', 'web.a'], 'warning'],
    ['another module', ['python3', '-m', 'http.server'], 'warning'],
    ['a package after a script went elsewhere', ['/run.sh'], 'warning'],
    ['a name that is none', ['python3', '-m', '../core'], 'warning'],
    ['nothing', ['python3', '-m'], 'warning'],
    ['a script with a module of that option', ['python3', '/app/main.py', '-m', 'core'], 'warning'],
    ['an option that is not known', ['python3', '--x', '-m', 'core'], 'warning'],
  ])('python -m of %s', async (_, entrypoint, level) => {
    const files = {
      ...MAIN,
      '/bin/sh': PROGRAM,
      '/run.sh': executable('#!/bin/sh\ncd /opt\nexec python3 -m web\n'),
      '/app/main.py': '',
      '/app/web/a/__init__.py': '',
      '/app/web/a/b.py': 'import core\n',
    }
    const found = await told({files, entrypoint, workingDir: '/app'})
    expect(found.filter(([rule]) => rule === 'missing-addon').map(([, own]) => own)).toEqual([level])
  })

  test.each<[string, readonly string[], MemoryTree, 'error' | 'warning']>([
    ['uvicorn', ['uvicorn', 'main:app', '--host', '0.0.0.0'], {}, 'error'],
    ['a factory', ['uvicorn', '--factory', 'main:create'], {}, 'error'],
    ['a module of a package', ['uvicorn', 'api.main:app'], {'/app/api/__init__.py': ''}, 'error'],
    ['a module of a directory', ['uvicorn', 'api.main:app'], {}, 'error'],
    ['a package', ['uvicorn', 'web:app'], {'/app/web/__init__.py': 'import core\n'}, 'error'],
    [
      'gunicorn',
      ['gunicorn', '-w', '4', '-b', 'localhost:8000', '-k', 'uvicorn.workers.UvicornWorker', 'main:app'],
      {},
      'error',
    ],
    ['gunicorn with a call', ['gunicorn', 'main:create()'], {}, 'error'],
    ['behind tini', ['tini', '--', 'uvicorn', 'main:app'], {'/usr/local/bin/tini': PROGRAM}, 'error'],
    ['env in its first line', ['hypercorn', 'main:app'], {}, 'error'],
    ['as an argument of Python', ['python3', '/usr/local/bin/uvicorn', 'main:app'], {}, 'error'],
    ['as a module', ['python3', '-m', 'uvicorn', 'main:app'], {}, 'error'],
    ['the shell form', ['sh', '-c', 'uvicorn main:app --port ${PORT:-80}'], {}, 'error'],
    ['the shell form behind another command', ['sh', '-c', 'tool migrate && exec uvicorn main:app'], {}, 'error'],
    ['a shell that goes elsewhere', ['sh', '-c', 'cd /srv && uvicorn main:app'], {}, 'warning'],
    ['another application', ['uvicorn', 'other:app'], {}, 'warning'],
    ['one that is not there', ['uvicorn', 'nowhere:app'], {}, 'warning'],
    ['two of them', ['uvicorn', 'main:app', 'other:app'], {}, 'warning'],
    ['another directory', ['uvicorn', '--app-dir', '/srv', 'main:app'], {}, 'warning'],
    ['another directory, shortened', ['gunicorn', '--chd', '/srv', 'main:app'], {}, 'warning'],
    ['a shortened option that is not one of these', ['gunicorn', '--worker', '2', 'main:app'], {}, 'error'],
    ['a configuration behind a flag', ['gunicorn', '-Rc', 'conf.py', 'main:app'], {}, 'warning'],
    ['a variable in the shell form', ['/bin/sh', '-c', 'UVICORN_APP_DIR=/srv exec uvicorn main:app'], {}, 'warning'],
    ['a path in the shell form', ['/bin/sh', '-c', 'PYTHONPATH=/srv exec uvicorn main:app'], {}, 'warning'],
    ['an exported one', ['/bin/sh', '-c', 'export PYTHONPATH=/srv && uvicorn main:app'], {}, 'warning'],
    ['a configuration', ['gunicorn', '-c', 'conf.py', 'main:app'], {}, 'warning'],
    [
      'a configuration that is read unasked',
      ['gunicorn', 'main:app'],
      {'/app/gunicorn.conf.py': 'chdir = "/srv"'},
      'warning',
    ],
    ['a script that is not a server', ['tool', 'main:app'], {}, 'warning'],
    [
      'a script that goes elsewhere',
      ['/run.sh'],
      {'/run.sh': executable('#!/bin/sh\ncd /srv\nexec uvicorn main:app\n')},
      'warning',
    ],
    [
      'a package in place of a directory',
      ['uvicorn', 'api.main:app'],
      {[`${LIB}/site-packages/api/__init__.py`]: ''},
      'warning',
    ],
  ])('the application of a server: %s', async (_, entrypoint, more, level) => {
    const server = executable('#!/usr/local/bin/python3.13\nimport sys\n')
    const files = {
      ...Object.fromEntries(['uvicorn', 'gunicorn', 'tool'].map(name => [`/usr/local/bin/${name}`, server])),
      '/usr/local/bin/hypercorn': executable('#!/usr/bin/env python3\nimport sys\n'),
      '/usr/bin/env': PROGRAM,
      '/bin/sh': PROGRAM,
      ...CORE,
      ...wrong,
      '/app/main.py': 'import core\n',
      '/app/other.py': '',
      '/app/api/main.py': 'from core import x\n',
      ...more,
    }
    const found = await told({files, entrypoint, workingDir: '/app'})
    expect(found.filter(([rule]) => rule === 'missing-addon').map(([, own]) => own)).toEqual([level])
  })

  // Measured with uvicorn 0.54 and gunicorn 26.2.
  test.each([
    ['UVICORN_APP_DIR=/srv', 'warning'],
    ['GUNICORN_CMD_ARGS=--chdir /srv', 'warning'],
    ['UVICORN_APP=other:app', 'error'],
    ['PYTHONSAFEPATH=1', 'error'],
    ['PYTHONPATH=/srv', 'error'],
  ])('the application of a server with %s', async (variable, level) => {
    const uvicorn = executable('#!/usr/local/bin/python3.13\nimport sys\n')
    const files = {'/usr/local/bin/uvicorn': uvicorn, ...CORE, ...wrong, '/app/main.py': 'import core\n'}
    const found = await told({files, entrypoint: ['uvicorn', 'main:app'], env: [variable], workingDir: '/app'})
    expect(found.filter(([rule]) => rule === 'missing-addon').map(([, own]) => own)).toEqual([level])
  })

  test.each([
    ['/app', 'warning'],
    ['/app/', 'warning'],
    ['/app/data', 'error'],
    ['/srv', 'error'],
  ])('the application of a server beside the volume %s', async (volume, level) => {
    const uvicorn = executable('#!/usr/local/bin/python3.13\nimport sys\n')
    const files = {'/usr/local/bin/uvicorn': uvicorn, ...CORE, ...wrong, '/app/main.py': 'import core\n'}
    const found = await told({files, entrypoint: ['uvicorn', 'main:app'], volumes: [volume], workingDir: '/app'})
    expect(found.filter(([rule]) => rule === 'missing-addon').map(([, own]) => own)).toEqual([level])
  })

  const VENV = '/app/.venv/lib/python3.13/site-packages'
  const venv: MemoryTree = {
    '/app/.venv/pyvenv.cfg': 'home = /usr/local/bin\n',
    '/app/.venv/bin/python': {link: '/usr/local/bin/python3'},
    [at('__init__.py', VENV)]: INIT,
    [at(`_core${X64}`, VENV)]: OTHER,
  }
  const serve = (python: string) =>
    executable(`#!${python}\nimport re\nfrom core.main import main\nif __name__ == '__main__':\n    main()\n`)
  test.each<[string, Case, string]>([
    [
      'a script',
      {files: {...CORE, ...wrong, '/app/main.py': 'import core\n'}, entrypoint: ['python3', '/app/main.py']},
      'error',
    ],
    [
      'a module beside the script',
      {
        files: {...CORE, ...wrong, '/app/main.py': 'import web\n', '/app/web.py': 'from core import x\n'},
        entrypoint: ['python3', '/app/main.py'],
      },
      'error',
    ],
    [
      'a package of that name beside the script',
      {
        files: {...CORE, ...wrong, '/app/main.py': 'import core\n', '/app/core.py': ''},
        entrypoint: ['python3', '/app/main.py'],
      },
      'warning',
    ],
    [
      'a module that the package itself does not import',
      {
        files: {...wrong, [at('__init__.py')]: '', '/app/main.py': 'import core._core\n'},
        entrypoint: ['python3', '/app/main.py'],
      },
      'error',
    ],
    [
      'a script on demand',
      {
        files: {...CORE, ...wrong, '/app/main.py': 'def f():\n    import core\n'},
        entrypoint: ['python3', '/app/main.py'],
      },
      'warning',
    ],
    [
      'a script with PYTHONPATH',
      {
        files: {...CORE, ...wrong, '/app/main.py': 'import core\n'},
        entrypoint: ['python3', '/app/main.py'],
        env: ['PYTHONPATH=/x'],
      },
      'error',
    ],
    [
      'a script with PYTHONPATH, where another package of the name is',
      {
        files: {...CORE, ...wrong, '/app/main.py': 'import core\n', '/x/core.py': ''},
        entrypoint: ['python3', '/app/main.py'],
        env: ['PYTHONPATH=/x'],
      },
      'warning',
    ],
    [
      'a script with PYTHONPATH that it ignores',
      {
        files: {...CORE, ...wrong, '/app/main.py': 'import core\n', '/x/core.py': ''},
        entrypoint: ['python3', '-E', '/app/main.py'],
        env: ['PYTHONPATH=/x'],
      },
      'error',
    ],
    [
      'a script with PYTHONHOME',
      {
        files: {...CORE, ...wrong, '/app/main.py': 'import core\n'},
        entrypoint: ['python3', '/app/main.py'],
        env: ['PYTHONHOME=/x'],
      },
      'warning',
    ],
    [
      'a script, where a `.pth` file changes sys.path by itself',
      {
        files: {
          ...CORE,
          ...wrong,
          '/app/main.py': 'import core\n',
          [`${LIB}/site-packages/a.pth`]: 'import sys; sys.path.insert(0, "/x")\n',
        },
        entrypoint: ['python3', '/app/main.py'],
      },
      'warning',
    ],
    [
      'a module of the standard library that has the name',
      {
        files: {...CORE, ...wrong, '/app/main.py': 'import core\n', [`${LIB}/core.py`]: ''},
        entrypoint: ['python3', '/app/main.py'],
      },
      'warning',
    ],
    [
      'the python of a virtual environment',
      {files: {...venv, '/app/main.py': 'import core\n'}, entrypoint: ['/app/.venv/bin/python', '/app/main.py']},
      'error',
    ],
    [
      'another python than that',
      {files: {...venv, '/app/main.py': 'import core\n'}, entrypoint: ['python3', '/app/main.py']},
      'warning',
    ],
    [
      'a script of a package',
      {files: {...venv, '/app/.venv/bin/serve': serve('/app/.venv/bin/python')}, entrypoint: ['/app/.venv/bin/serve']},
      'error',
    ],
    [
      'packages are installed before',
      {
        files: {
          ...venv,
          '/app/.venv/bin/serve': serve('/app/.venv/bin/python'),
          '/bin/sh': PROGRAM,
          '/bin/uv': PROGRAM,
          '/run.sh': executable('#!/bin/sh\nuv sync\nexec /app/.venv/bin/serve\n'),
        },
        entrypoint: ['/run.sh'],
      },
      'warning',
    ],
  ])('what starts: %s', async (_, one, level) => {
    const found = await told(one)
    expect(found.filter(([rule]) => rule === 'missing-addon').map(([, own]) => own)).toEqual([level])
  })

  test.each<[string, MemoryTree, readonly string[]]>([
    ['named by a .pth file', {[`${LIB}/site-packages/x.pth`]: '# x\n\n/src\n/none\n'}, []],
    ['named relative to it', {[`${LIB}/site-packages/x.pth`]: '../../../../../src/\r\n'}, []],
    ['named by PYTHONPATH', {}, ['PYTHONPATH=/none::/src/']],
    ['of the user', {'/root/.local/lib/python3.13/site-packages/x.pth': '/src\n'}, []],
    ['of the user that HOME names', {'/h/.local/lib/python3.13/site-packages/x.pth': '/src\n'}, ['HOME=/h']],
  ])('modules in a directory that is %s', async (_, files, env) => {
    const own = {
      '/src/deep/__init__.py': 'from ._fast import x\n',
      [`/src/deep/_fast${X64}`]: OTHER,
      '/app/main.py': 'import deep\n',
    }
    const found = await told({files: {...own, ...files}, entrypoint: ['python3', '/app/main.py'], env})
    expect(found).toContainEqual([
      'missing-addon',
      'error',
      `_fast in /src/deep has no add-on for linux/arm64: it needs _fast${SUFFIX}, and has _fast${X64}; what starts loads it for certain`,
    ])
    const elsewhere = await told({files: own, entrypoint: ['python3', '/app/main.py']})
    expect(elsewhere.filter(([rule]) => rule === 'missing-addon')).toEqual([])
  })

  test.each<[string, MemoryTree, readonly (readonly [string, string])[]]>([
    ['of a name to import', {[`${LIB}/site-packages/ujson${X64}`]: OTHER}, [['warning', 'ujson']]],
    [
      'that a module imports for certain',
      {[`${LIB}/site-packages/_brotli${X64}`]: OTHER, [`${LIB}/site-packages/brotli.py`]: 'import _brotli\n'},
      [['warning', '_brotli']],
    ],
    [
      'that a module can do without',
      {
        [`${LIB}/site-packages/_brotli${X64}`]: OTHER,
        [`${LIB}/site-packages/brotli.py`]: 'try:\n    import _brotli\nexcept ImportError:\n    _brotli = None\n',
      },
      [],
    ],
    ['that nothing imports', {[`${LIB}/site-packages/_yaml${X64}`]: OTHER}, []],
    ['with source beside', {[`${LIB}/site-packages/a${X64}`]: OTHER, [`${LIB}/site-packages/a.py`]: ''}, []],
    ['of an application that nothing starts', {[`/app/a${X64}`]: OTHER}, []],
    ['of the standard library', {[`${LIB}/lib-dynload/_x${X64}`]: OTHER}, []],
  ])('a module in no package: %s', async (_, files, expected) => {
    const found = await told({files})
    const own = found.filter(([rule]) => rule === 'missing-addon')
    expect(own.map(([, level, message = '']) => [level, message.split(' ')[0]])).toEqual(expected)
  })

  test('a module of the application beside its script', async () => {
    const files = {[`/app/fast${X64}`]: OTHER, '/app/main.py': 'import fast\n'}
    expect(await told({files, entrypoint: ['python3', '/app/main.py']})).toContainEqual([
      'missing-addon',
      'error',
      `fast in /app has no add-on for linux/arm64: it needs fast${SUFFIX}, and has fast${X64}; what starts loads it for certain`,
    ])
  })

  const OLD = '/app/.venv/lib/python3.12/site-packages'
  const old: MemoryTree = {
    '/app/.venv/pyvenv.cfg': 'home = /usr/local/bin\ninclude-system-site-packages = false\nversion = 3.12.1\n',
    '/app/.venv/bin/python': {link: '/usr/local/bin/python3'},
    [`${OLD}/pip-24.0.dist-info/METADATA`]: '',
    [`${OLD}/web-1.0.dist-info/METADATA`]: '',
    [`${OLD}/web/__init__.py`]: '',
    '/app/main.py': 'import json\nimport web\n',
  }
  const UNSEARCHED = `${OLD} has packages for Python 3.12 (web), and the Python of linux/arm64 is 3.13, which does not look there`
  const START = ['/app/.venv/bin/python', '/app/main.py']
  test.each<[string, Case, readonly (readonly [string, string])[]]>([
    ['starts', {files: old, entrypoint: START}, [['error', `${UNSEARCHED}; what starts uses one for certain`]]],
    [
      'starts with a module',
      {files: {...old, [`${OLD}/web/__main__.py`]: ''}, entrypoint: ['/app/.venv/bin/python', '-m', 'web']},
      [['error', `${UNSEARCHED}; what starts uses one for certain`]],
    ],
    [
      'starts, and a module of the standard library has the name',
      {files: {...old, [`${LIB}/web.py`]: ''}, entrypoint: START},
      [['warning', UNSEARCHED]],
    ],
    [
      'starts, and the packages of the system count',
      {
        files: {
          ...old,
          '/app/.venv/pyvenv.cfg': 'home = /usr/local/bin\nInclude-System-Site-Packages = True\n',
          [`${LIB}/site-packages/web.py`]: '',
        },
        entrypoint: START,
      },
      [['warning', UNSEARCHED]],
    ],
    ['does not start', {files: old}, [['warning', UNSEARCHED]]],
    [
      'has no interpreter',
      {files: {...old, '/app/.venv/bin/python': {link: '/usr/local/bin/python3.12'}}},
      [
        [
          'warning',
          `${OLD} has packages for Python 3.12 (web), and its interpreter /usr/local/bin/python3.12 is not in the image`,
        ],
      ],
    ],
    [
      'has its own',
      {files: {...old, '/app/.venv/bin/python': {link: '/opt/python3.12'}, '/opt/python3.12': PROGRAM}},
      [],
    ],
    ['has a copy of it', {files: {...old, '/app/.venv/bin/python': PROGRAM}, entrypoint: START}, []],
    ['is named by PYTHONPATH', {files: old, env: [`PYTHONPATH=${OLD}`]}, []],
  ])('a virtual environment of another release that %s', async (_, one, expected) => {
    const found = await told(one)
    const own = found.filter(([rule]) => rule === 'missing-addon')
    expect(own.map(([, level, message]) => [level, message])).toEqual(expected)
  })

  const USER = '/usr/local/lib/python3.12/site-packages'
  const installed: MemoryTree = {[`${USER}/web-1.0.dist-info/METADATA`]: '', [`${USER}/web.py`]: ''}
  test.each<[string, MemoryTree, readonly string[]]>([
    ['and there is no such Python', installed, ['warning']],
    ['and what starts imports one', {...installed, '/app/main.py': 'import web\n'}, ['error']],
    ['and its program is there', {...installed, '/opt/bin/python3.12': PROGRAM}, []],
    ['and its library is there', {...installed, '/opt/lib/libpython3.12.so.1.0': OWN}, []],
    ['and its standard library is there', {...installed, '/usr/local/lib/python3.12/os.py': ''}, []],
    ['but only pip', {[`${USER}/pip-24.0.dist-info/METADATA`]: ''}, []],
  ])('packages for another release than the one of the image, %s', async (_, files, expected) => {
    const found = await told({files, entrypoint: ['/usr/local/bin/python3.13', '/app/main.py']})
    expect(found.filter(([rule]) => rule === 'missing-addon').map(([, level]) => level)).toEqual(expected)
  })
})
