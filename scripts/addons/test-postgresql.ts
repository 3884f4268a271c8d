import {rename, rm} from 'node:fs/promises'
import {join} from 'node:path'
import {run} from '../../e2e/ground/run.ts'
import {copyDirectory, type RootVariant, replaceBy, replaceFile, testVariants} from './debian-root.ts'
import {prepareServer, testServer} from './server-ground.ts'
import type {Tally} from './tally.ts'

const LIBRARIES = 'usr/lib/postgresql/17/lib'
const BIN = '/usr/lib/postgresql/17/bin'
const CLUSTER = 'etc/postgresql/17/main'
const DATA = '/data'

const NAMES = [
  'auto_explain',
  'pg_stat_statements',
  'pgaudit',
  'pg_cron',
  'passwordcheck',
  'sepgsql_none',
  'pg_hint_plan',
]

const VARIANTS: readonly RootVariant[] = [
  {name: 'installed on the platform'},
  {
    name: 'extensions of another machine',
    change: async (root, other) => {
      for (const name of NAMES.filter(one => one !== 'sepgsql_none')) {
        await replaceBy(join(other, LIBRARIES, `${name}.so`), [join(root, LIBRARIES, `${name}.so`)])
      }
    },
  },
  {
    name: 'one gone, and one of another machine',
    change: async (root, other) => {
      await rm(join(root, LIBRARIES, 'pg_cron.so'))
      await replaceBy(join(other, LIBRARIES, 'pgaudit.so'), [join(root, LIBRARIES, 'pgaudit.so')])
    },
  },
  {
    name: 'in a directory that it looks into as well',
    change: async root => {
      await copyDirectory(join(root, LIBRARIES), join(root, 'opt/extensions'))
      await rename(join(root, LIBRARIES, 'pgaudit.so'), join(root, 'opt/extensions/pgaudit.so'))
      await rename(join(root, LIBRARIES, 'pg_cron.so'), join(root, 'opt/pg_cron.so'))
      await replaceFile(join(root, CLUSTER, 'conf.d/path.conf'), "dynamic_library_path = '/opt/extensions:$libdir'\n")
    },
  },
]

/** Has the real PostgreSQL load libraries of Debian when it starts, as they are and as they should not be. */
export function testPostgresql(tally: Tally): Promise<void> {
  const packages = ['postgresql-17', 'postgresql-17-pgaudit', 'postgresql-17-cron', 'postgresql-17-pg-hint-plan']
  return testVariants(
    {kind: 'postgresql', packages, variants: VARIANTS},
    (root, name) => testVariant(root, name, tally),
    prepare,
  )
}

/** What `pg_createcluster` does. */
async function prepare(root: string): Promise<void> {
  await prepareServer(root, [`${CLUSTER}/conf.d`, 'data', 'opt'])
  await run('chown', ['999:999', join(root, DATA)])
  const command = [`${BIN}/initdb`, '-D', DATA, '-A', 'trust', '--no-locale', '-E', 'UTF8', '--no-sync']
  await run('/usr/sbin/chroot', ['--userspec=999:999', root, ...command])
  const libraries = NAMES.join(', ')
  await replaceFile(
    join(root, CLUSTER, 'postgresql.conf'),
    `# of a cluster\ndata_directory = '${DATA}'\ncluster_name = 'it''s' # why\ninclude_dir 'conf.d'\nSession_Preload_Libraries = 'plpgsql'\n`,
  )
  await replaceFile(join(root, CLUSTER, 'conf.d/preload.conf'), `shared_preload_libraries = '${libraries}'\n`)
}

async function testVariant(root: string, name: string, tally: Tally): Promise<void> {
  // In single-user mode it loads the same, and ends with its input. A user of its own: root it refuses.
  const single = 'exec chroot --userspec=999:999 / "$@" < /dev/null'
  const starts = NAMES.map(library => ({
    about: library,
    modules: [library],
    command: [
      ...['/bin/sh', '-c', single, 'sh', `${BIN}/postgres`, '--single', '-D', DATA],
      ...['-c', `config_file=/${CLUSTER}/postgresql.conf`, '-c', 'cron.database_name=postgres'],
      ...['-c', 'hba_file=/data/pg_hba.conf', '-c', 'ident_file=/data/pg_ident.conf'],
      ...['-c', 'dynamic_shared_memory_type=mmap'],
      ...['-c', `shared_preload_libraries=${library}`, 'postgres'],
    ],
  }))
  await testServer(root, {language: 'postgresql', name, starts}, tally)
}
