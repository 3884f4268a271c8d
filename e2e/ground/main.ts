import {startGround} from './ground.ts'

// Brings the ground up for trials by hand: prints where everything is, and ends at SIGINT, SIGTERM or the end of input.
const ground = await startGround()
const {classic, containerd} = ground.engines
const answer = {
  registry: ground.registry.address,
  classic: classic.env().DOCKER_HOST,
  containerd: containerd.env().DOCKER_HOST,
  dockerConfig: classic.env().DOCKER_CONFIG,
  folder: ground.folder,
  tools: ground.tools,
}
process.stdout.write(`${JSON.stringify(answer)}\n`)
process.stdin.on('end', () => void ground.stop().then(() => process.exit(0)))
process.stdin.resume()
