import {expect, test} from '@jest/globals'
import {program} from '../../scripts/kernel/elf.ts'
import {imageConfig} from '../support/image-config.ts'
import {executable, memoryRootfs} from '../support/memory-rootfs.ts'
import {readStartup} from '../support/told-startup.ts'

const native = executable(program({}))
const arm64 = executable(program({machine: 183}))
const ZIP = 'PK\u0003\u0004\0\0\b\0'

/** The first line decides what starts; the rest need not be text. */
test.each([
  ['a zipapp of Python', `#!/usr/bin/env python3\n${ZIP}`, 'python3'],
  ['an archive of escript', `#!/usr/bin/env escript\n%%!-escript main app\n${ZIP}`, 'escript'],
  ['a module of escript', '#!/usr/bin/env escript\nFOR1\0\0\u0001\0BEAM', 'escript'],
  ['bytecode of OCaml', '#!/usr/bin/ocamlrun\n\0\0\0\u0054\0\0Caml1999X031', 'ocamlrun'],
  [
    'a console script that pip installs',
    '#!/usr/bin/python3.12\nfrom uvicorn.main import main\nmain()\n',
    'python3.12',
  ],
  ['one of a virtual environment', '#!/venv/bin/python\nfrom gunicorn.app.wsgiapp import run\nrun()\n', 'python'],
  ['a binstub of Rails', '#!/usr/bin/env ruby\nrequire "rails/commands"\n', 'ruby'],
  ['one of Rake', '#!/usr/bin/env ruby\nload Gem.bin_path("rake", "rake")\n', 'ruby'],
  ['an archive of PAR', `#!/usr/bin/perl\n__END__\n${ZIP}`, 'perl'],
])('%s', async (_, content, interpreter) => {
  const emulator = interpreter === 'escript' ? {'/usr/bin/erl': native} : {}
  const follow = async (files: Parameters<typeof memoryRootfs>[0]) => {
    const {steps} = await readStartup({
      config: imageConfig({env: ['PATH=/usr/bin'], entrypoint: ['/app']}),
      rootfs: memoryRootfs({
        '/app': executable(Buffer.from(content, 'latin1')),
        '/usr/bin/env': native,
        ...emulator,
        ...files,
      }),
      platform: {os: 'linux', architecture: 'amd64', variant: ''},
    })
    return steps.flatMap(({path, verdict, obstacle}) =>
      verdict?.fit === 'foreign' ? [`${path} is foreign`] : obstacle ? [`${path}: ${obstacle.kind}`] : [],
    )
  }
  const at = content.startsWith('#!/venv') ? `/venv/bin/${interpreter}` : `/usr/bin/${interpreter}`
  const isFound = content.startsWith('#!/usr/bin/env')
  expect(await follow({[at]: native})).toEqual([])
  expect(await follow({[at]: arm64})).toEqual([`${at} is foreign`])
  expect(await follow({})).toEqual([isFound ? `${interpreter}: not-in-path` : `${at}: missing`])
})
