import {alpine, debian, file} from './files.ts'
import {glibcModule, glibcProgram, type MachineName, muslProgram} from './machines.ts'
import {type Contents, faulty, type Recipe} from './recipe.ts'
import {jar} from './zip.ts'

/** What lies in an archive, and is unpacked when it is used. */
export const ARCHIVE: readonly Recipe[] = [
  faulty({
    id: 'INC-087',
    on: 'linux/amd64',
    beside: [],
    wrong: machine => flink(alpine(machine), muslProgram(machine), machine),
    right: machine => flink(debian(machine), glibcProgram(machine), machine),
    finds: [{rule: 'missing-addon', path: '/opt/flink/lib/rocksdbjni-4.11.2.jar', level: 'warning'}],
  }),
]

/** The state backend's library is unpacked to /tmp when a job asks for it. */
function flink(base: ReturnType<typeof alpine>, java: Uint8Array, machine: MachineName): Contents {
  return {
    layers: [
      base,
      [
        file('usr/lib/jvm/bin/java', java),
        file('opt/flink/lib/rocksdbjni-4.11.2.jar', jar({'librocksdbjni-linux64.so': glibcModule(machine)}), 0o644),
      ],
    ],
    process: {Entrypoint: ['/usr/lib/jvm/bin/java', '-cp', '/opt/flink/lib/*', 'org.apache.flink.runtime.Main']},
  }
}
