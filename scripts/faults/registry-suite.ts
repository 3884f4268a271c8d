import {GOOD_IMAGE} from './image.ts'
import {type Complaint, judge} from './judge.ts'
import {DOORS, type Door, type ProgramEnd, runProgram, SLOW_MACHINE, withRunFolder} from './program-run.ts'
import {REGISTRY_FAULTS, type RegistryFault} from './registry-kinds.ts'
import {type RegistryStage, type Site, startRegistryStage, TOKEN_ELSEWHERE} from './registry-stage.ts'
import {secretsIn} from './secrets.ts'

/** One thing to try: a name, and what is wrong with how it went. */
export interface Trial {
  readonly name: string
  run(): Promise<readonly Complaint[]>
}

export interface SuiteOptions {
  /** The folder of the built program. */
  readonly program: string
  /** How many times as fast time passes for it. */
  readonly speed: number
}

/** In milliseconds, by the program's clock: five times 30 s of silence, the pauses between, and the rest. */
const LIMIT = 240_000

/**
 * Each request of a run, with each fault, through each door. A run without a fault, which waits for nothing and needs
 * no faster time, says which requests there are.
 */
export async function registryTrials(options: SuiteOptions): Promise<Trial[]> {
  const stage = await startRegistryStage({image: GOOD_IMAGE, speed: 1})
  try {
    const clean = await start(stage, 'command', {...options, speed: 1})
    if (clean.exitCode !== 0) throw new Error(`a run without a fault fails: ${clean.stderr}`)
    const sites = stage.sites()
    return sites.flatMap(site =>
      REGISTRY_FAULTS.filter(({without = []}) => !without.includes(site.role)).flatMap(fault =>
        DOORS.map(door => ({
          name: `registry, ${door}: ${fault.name}, of ${site.role} ${site.url} (${site.count})`,
          run: () => tryFault(options, door, site, fault),
        })),
      ),
    )
  } finally {
    await stage.stop()
  }
}

async function tryFault(options: SuiteOptions, door: Door, site: Site, fault: RegistryFault): Promise<Complaint[]> {
  const stage = await startRegistryStage({
    image: GOOD_IMAGE,
    speed: options.speed,
    fault: ({url, count}, make) => {
      const isHit = url === site.url && (fault.times === 'once' ? count === site.count : count >= site.count)
      return isHit ? fault.make(make()) : undefined
    },
  })
  try {
    // The port differs from one registry to the next, and with it nothing but the address of the token.
    const end = await start(stage, door, options)
    const expectation = {
      ...{secrets: stage.secrets, given: stage.given()},
      outcomes: fault.outcomes(site.role),
    }
    return [...judge(end, expectation), ...judgeElsewhere(stage)]
  } finally {
    await stage.stop()
  }
}

function start(stage: RegistryStage, door: Door, {program, speed}: SuiteOptions): Promise<ProgramEnd> {
  return withRunFolder(folder =>
    runProgram(folder, {
      ...{
        door,
        program,
        image: stage.image,
        speed,
        dockerConfig: stage.dockerConfig,
        limit: LIMIT / speed + SLOW_MACHINE,
      },
      options: {source: 'registry', cache: 'true'},
    }),
  )
}

/** What is the registry's goes to no other host. */
function judgeElsewhere({elsewhere, secrets}: RegistryStage): Complaint[] {
  const others = secrets.filter(({name}) => name !== 'signature')
  return elsewhere.requests.flatMap(({url, headers, body}) => {
    const sent = headers.authorization
    const told = secretsIn(JSON.stringify({url, headers, body}), others)
    return [
      ...told.map(what => `${what} is sent to another host`),
      ...(sent === undefined || sent === `Bearer ${TOKEN_ELSEWHERE}`
        ? []
        : ['another host gets an Authorization header']),
    ]
  })
}
