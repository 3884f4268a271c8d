import type {Environment} from './command.ts'

/** What a device runtime mounts into a container that asks for its devices: the host's driver, which no image holds. */
interface Injector {
  readonly name: string
  /** Why the container gets it: the variable that asks for it; undefined where none does. */
  asked(env: Environment): string | undefined
  /** By the name that DT_NEEDED has. */
  readonly libraries: RegExp
  /** By the last name of the path. */
  readonly programs: readonly string[]
}

const INJECTORS: readonly Injector[] = [
  {
    name: 'the NVIDIA container runtime',
    // https://docs.nvidia.com/datacenter/cloud-native/container-toolkit: images with CUDA_VERSION alone are of old,
    // and get all devices.
    asked: env =>
      isAsked(env.get('NVIDIA_VISIBLE_DEVICES'))
        ? 'NVIDIA_VISIBLE_DEVICES'
        : env.get('NVIDIA_VISIBLE_DEVICES') === undefined && env.has('CUDA_VERSION')
          ? 'CUDA_VERSION'
          : undefined,
    // libnvidia-container src/nvc_info.c: the libraries and binaries that it looks for on the host.
    libraries:
      /^lib(?:cuda|cudadebugger|nvcuvid|nvoptix|vdpau_nvidia|nvidia-(?!container)[a-z0-9-]+|(?:GLX|EGL|GLESv1_CM|GLESv2)_nvidia)\.so(?:\.[0-9.]+)?$/,
    programs: [
      'nvidia-smi',
      'nvidia-debugdump',
      'nvidia-persistenced',
      'nv-fabricmanager',
      'nvidia-cuda-mps-control',
      'nvidia-cuda-mps-server',
    ],
  },
  {
    name: 'the Ascend container runtime',
    // "Default Content Mounted by Ascend Docker Runtime": /usr/local/Ascend/driver/lib64 and npu-smi.
    asked: env => (isAsked(env.get('ASCEND_VISIBLE_DEVICES')) ? 'ASCEND_VISIBLE_DEVICES' : undefined),
    libraries: /^lib(?:ascend_hal|drvdsmi_host|dcmi)\.so(?:\.[0-9.]+)?$/,
    programs: ['npu-smi'],
  },
]

/** `void` and an empty value ask for nothing. */
function isAsked(devices: string | undefined): boolean {
  return devices !== undefined && devices !== '' && devices !== 'void'
}

/** Who puts a library into the container, and why; undefined where it has to be in the image. */
export function injectedLibrary(env: Environment, name: string): string | undefined {
  return injected(env, ({libraries}) => libraries.test(name))
}

/** The same of a program, by its path or name. */
export function injectedProgram(env: Environment, path: string): string | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return injected(env, ({programs}) => programs.includes(name))
}

function injected(env: Environment, brings: (injector: Injector) => boolean): string | undefined {
  for (const injector of INJECTORS) {
    const variable = brings(injector) ? injector.asked(env) : undefined
    if (variable !== undefined) return `${injector.name} puts it into the container (${variable} is set)`
  }
  return undefined
}
