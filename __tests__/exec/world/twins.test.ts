// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text
import {describe, expect, test} from '@jest/globals'
import {program} from '../../../scripts/kernel/elf.ts'
import {COMMAND_EFFECTS} from '../../../src/exec/world/commands/index.ts'
import type {Finding} from '../../../src/rules/finding.ts'
import {RULES} from '../../../src/rules/index.ts'
import {runRules} from '../../../src/rules/run.ts'
import {testFacts, testPlatformFacts} from '../../support/facts.ts'
import {executable, type MemoryTree} from '../../support/memory-rootfs.ts'
import {nativeProgram} from '../../support/script-start.ts'
import {startScript} from '../../support/told-startup.ts'

/**
 * For each command that makes files: a script that makes its program with it, and starts that. `copies` is the same
 * with a program of another machine as what is copied.
 */
interface Twin {
  readonly names: readonly string[]
  /** Makes `program`, by the name of the command in place of `CMD`. */
  readonly makes: string
  readonly program?: string
  readonly copies?: string
}

const TWINS: readonly Twin[] = [
  {names: ['cp', 'mv', 'install'], makes: 'CMD /app/server /tmp/x', copies: 'CMD /app/arm /tmp/x'},
  {names: ['ln'], makes: 'CMD -s /app/server /tmp/x', copies: 'CMD /app/arm /tmp/x'},
  {
    names: ['mkdir'],
    makes: 'CMD /tmp/d; cp /app/server /tmp/d',
    program: '/tmp/d/server',
    copies: 'CMD /tmp/d; ln -s /app/arm /tmp/d/server',
  },
  {
    names: ['checkpath'],
    makes: 'CMD -d /tmp/d; cp /app/server /tmp/d',
    program: '/tmp/d/server',
    copies: 'CMD -d /tmp/d; ln -s /app/arm /tmp/d/server',
  },
  {
    names: ['touch', 'rm', 'unlink'],
    makes: 'CMD /tmp/y; cp /app/server /tmp/x',
    copies: 'CMD /tmp/y; cp /app/arm /tmp/x',
  },
  {
    names: ['checkpath'],
    makes: 'CMD -d -m 0755 /tmp/d; cp /app/server /tmp/d',
    program: '/tmp/d/server',
    copies: 'CMD -d /tmp/d; ln -s /app/arm /tmp/d/server',
  },
  {
    names: ['rmdir'],
    makes: 'mkdir /tmp/y; CMD /tmp/y; cp /app/server /tmp/x',
    copies: 'mkdir /tmp/y; CMD /tmp/y; cp /app/arm /tmp/x',
  },
  {
    names: ['mktemp'],
    makes: 'D=$(CMD -d); cp /app/server $D/x',
    program: '$D/x',
    copies: 'D=$(CMD -d); cp /app/arm $D/x',
  },
  {names: ['chmod'], makes: 'cp /app/plain /tmp/x; CMD +x /tmp/x', copies: 'cp /app/arm /tmp/x; CMD +x /tmp/x'},
  {names: ['chown', 'chgrp'], makes: 'cp /app/server /tmp/x; CMD 0 /tmp/x', copies: 'cp /app/arm /tmp/x; CMD 0 /tmp/x'},
  {
    names: ['echo', 'printf'],
    makes: 'CMD "exec /app/server" > /tmp/x; chmod +x /tmp/x',
    copies: 'CMD "exec /app/arm" > /tmp/x; chmod +x /tmp/x',
  },
  {names: ['cat', 'tee'], makes: 'CMD > /tmp/x < /etc/app.conf; chmod +x /tmp/x'},
  {names: ['cat'], makes: 'CMD /app/server > /tmp/x; chmod +x /tmp/x'},
  {names: ['tee'], makes: 'cat /app/server | CMD /tmp/x; chmod +x /tmp/x'},
  {names: ['dpkg', 'apk', 'rpm'], makes: 'CMD --install x'},
  {
    names: [
      'apt-get',
      'apt',
      'aptitude',
      'yum',
      'dnf',
      'microdnf',
      'tdnf',
      'zypper',
      'pacman',
      'opkg',
      'conda',
      'mamba',
    ],
    makes: 'CMD install -y x',
  },
  {names: ['apt-key', 'add-apt-repository'], makes: 'CMD x'},
  {
    names: ['pip', 'pip3', 'pipx', 'uv', 'poetry', 'npm', 'npx', 'yarn', 'pnpm', 'bun', 'gem', 'bundle'],
    makes: 'CMD install',
  },
  {names: ['cargo', 'go', 'composer', 'mvn', 'gradle', 'make', 'cmake'], makes: 'CMD build'},
  {names: ['tar', 'bsdtar'], makes: 'CMD -xzf /x.tgz -C /tmp'},
  {names: ['tar'], makes: 'curl -L https://x | CMD xz -C /tmp'},
  {names: ['unzip'], makes: 'CMD -o /x.zip -d /tmp'},
  {names: ['7z', '7za', '7zr'], makes: 'CMD x /x.7z -o/tmp'},
  {names: ['git'], makes: 'CMD clone https://x/y.git /tmp/y', program: '/tmp/y/x'},
  {names: ['curl'], makes: 'CMD -fsSL -o /tmp/x https://x/y && chmod +x /tmp/x'},
  {names: ['curl'], makes: 'cd /tmp; CMD -O https://y/x; chmod +x x'},
  {names: ['curl'], makes: 'CMD https://y/x > /tmp/x; chmod +x /tmp/x'},
  {names: ['wget'], makes: 'CMD -qO /tmp/x https://x/y && chmod +x /tmp/x'},
  {names: ['wget'], makes: 'cd /tmp; CMD https://y/x; chmod +x x'},
  {names: ['sed'], makes: 'cp /app/script /tmp/x; CMD -i s/arm/server/ /tmp/x'},
  {
    names: ['gunzip', 'gzip', 'bunzip2', 'bzip2', 'unxz', 'xz', 'unzstd', 'zstd', 'uncompress'],
    makes: 'CMD -d /tmp/x.gz',
  },
  {names: ['cpio', 'patch', 'ed', 'ex'], makes: 'CMD -i < /etc/app.conf'},
  {names: ['truncate', 'csplit', 'uniq'], makes: 'CMD /tmp/y /tmp/x'},
  {names: ['split'], makes: 'cd /tmp; CMD /tmp/y x', program: '/tmp/x'},
  {
    names: ['shred'],
    makes: 'cp /app/server /tmp/x; cp /app/server /tmp/y; CMD /tmp/y',
    copies: 'cp /app/arm /tmp/x; CMD /tmp/y',
  },
  {names: ['sort'], makes: 'CMD -o /tmp/x /tmp/y'},
  {names: ['dd'], makes: 'CMD if=/app/server of=/tmp/x; chmod +x /tmp/x'},
  {names: ['awk', 'gawk', 'mawk', 'nawk'], makes: `CMD '{print > "/tmp/x"}' /tmp/y; chmod +x /tmp/x`},
  {names: ['cut', 'tr', 'head', 'tail'], makes: 'CMD -c 1-9 /tmp/y > /tmp/x; chmod +x /tmp/x'},
  {names: ['find'], makes: 'CMD /app -name server -exec cp {} /tmp/x ";"'},
  {names: ['xargs'], makes: 'ls /app/server | CMD -I{} cp {} /tmp/x'},
  {
    names: ['useradd', 'adduser'],
    makes: 'CMD u; cp /app/server /tmp/x',
    program: 'gosu u /tmp/x',
    copies: 'CMD u; cp /app/arm /tmp/x',
  },
  {
    names: ['groupadd', 'addgroup'],
    makes: 'CMD g; useradd -g g u; cp /app/server /tmp/x',
    program: 'gosu u /tmp/x',
    copies: 'CMD g; useradd -g g u; cp /app/arm /tmp/x',
  },
  {names: ['newusers', 'chpasswd', 'passwd'], makes: 'CMD /tmp/list; cp /app/server /tmp/x', program: 'gosu u /tmp/x'},
  {
    names: ['usermod', 'groupmod', 'userdel', 'deluser', 'groupdel', 'delgroup'],
    makes: 'CMD -g 50 app; cp /app/server /tmp/x',
    program: 'gosu app /tmp/x',
    copies: 'CMD -g 50 app; cp /app/arm /tmp/x',
  },
  {names: ['ldconfig'], makes: 'CMD; cp /app/server /tmp/x', copies: 'CMD; cp /app/arm /tmp/x'},
  {names: ['update-alternatives'], makes: 'CMD --install /tmp/x x /app/server 1'},
]

const ROWS = TWINS.flatMap(({names, makes, copies, program = '/tmp/x'}) =>
  names.map(name => ({
    name,
    makes: makes.replaceAll('CMD', name),
    copies: copies?.replaceAll('CMD', name),
    program,
  })),
)

const COMMANDS: MemoryTree = Object.fromEntries(
  COMMAND_EFFECTS.flatMap(({names}) => names).map(name => [`/bin/${name}`, executable(nativeProgram())]),
)

const FOREIGN: MemoryTree = {'/opt/arm': executable(program({machine: 183}))}

async function errorsOf(script: string): Promise<readonly Finding['rule'][]> {
  const startup = await startScript(script, {files: {...COMMANDS, ...FOREIGN}})
  const facts = testFacts([testPlatformFacts('linux/amd64', startup)])
  return runRules(RULES, facts, new Map()).flatMap(({level, rule}) => (level === 'error' ? [rule] : []))
}

describe('a start script that makes its program', () => {
  test.each(ROWS)('$makes: starts it', async ({makes, program}) => {
    expect(await errorsOf(`${makes}; exec ${program}`)).toEqual([])
  })

  test.each(ROWS.filter(({name}) => name !== 'xargs'))(
    '$makes: and a foreign file of the image is an error all the same',
    async ({makes}) => {
      expect(await errorsOf(`${makes}; exec /opt/arm`)).toEqual(['wrong-machine'])
    },
  )

  test.each(ROWS.filter(({copies}) => copies))('$copies: a foreign file is one under its new name', async row => {
    expect(await errorsOf(`${row.copies}; exec ${row.program}`)).toEqual(['wrong-machine'])
  })

  test.each(ROWS)('$makes: without it there would be an error', async ({program}) => {
    expect(await errorsOf(`D=/tmp; exec ${program.replace(' app ', ' other ')}`)).toEqual(['missing-program'])
  })
})

test('each command that does something to files, users or groups has its twins', () => {
  const makers = COMMAND_EFFECTS.filter(({effect}) => !/^none($|; answers|.*OpenRC's)/.test(effect)).flatMap(
    ({names}) => names,
  )
  expect(makers.filter(name => !ROWS.some(row => row.name === name))).toEqual([])
})
