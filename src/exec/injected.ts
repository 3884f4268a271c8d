import {baseName} from '../lib/paths.ts'

/** What an image says to a device runtime. */
interface Requests {
  readonly env: ReadonlyMap<string, string>
  /** The names of its labels. */
  readonly labels: readonly string[]
}

/** What a device runtime mounts into a container that asks for its devices: the host's driver, which no image holds. */
interface Injector {
  readonly name: string
  /** Why the container gets it: `NVIDIA_VISIBLE_DEVICES is set`; undefined where the image does not ask for it. */
  asked(requests: Requests): string | undefined
  /** By the name that DT_NEEDED has. */
  readonly libraries: RegExp
  /** By the last name of the path. */
  readonly programs: readonly string[]
}

/** A device runtime that an image asks for its devices. */
export interface DeviceRuntime extends Pick<Injector, 'libraries' | 'programs'> {
  /** Who puts it into the container, and why. */
  readonly reason: string
}

/*
 * Runtimes that add device nodes alone are not listed: what programs need besides has to be in the image. These are
 * AMD's (https://instinct.docs.amd.com/projects/container-toolkit, AMD_VISIBLE_DEVICES) and that of Intel Gaudi
 * (https://github.com/HabanaAI/habana-container-runtime, HABANA_VISIBLE_DEVICES). A CDI device is requested by whoever
 * starts the container, not by its image (https://github.com/cncf-tags/container-device-interface).
 */
const INJECTORS: readonly Injector[] = [
  {
    name: 'the NVIDIA container runtime',
    // https://docs.nvidia.com/datacenter/cloud-native/container-toolkit: images with CUDA_VERSION alone are of old,
    // and get all devices. Before the variable labels asked for the driver: com.nvidia.volumes.needed.
    asked: ({env, labels}) => {
      const devices = env.get('NVIDIA_VISIBLE_DEVICES')
      if (devices !== undefined) return isAsked(devices) ? 'NVIDIA_VISIBLE_DEVICES is set' : undefined
      if (env.has('CUDA_VERSION')) return 'CUDA_VERSION is set'
      const label = labels.find(name => name.startsWith('com.nvidia.'))
      return label === undefined ? undefined : `the image has the label ${label}`
    },
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
    asked: ({env}) => (isAsked(env.get('ASCEND_VISIBLE_DEVICES')) ? 'ASCEND_VISIBLE_DEVICES is set' : undefined),
    libraries: /^lib(?:ascend_hal|drvdsmi_host|dcmi)\.so(?:\.[0-9.]+)?$/,
    programs: ['npu-smi'],
  },
]

/** `void` and an empty value ask for nothing. */
function isAsked(devices: string | undefined): boolean {
  return devices !== undefined && devices !== '' && devices !== 'void'
}

/** The device runtimes that an image asks for their devices. */
export function requestedRuntimes(requests: Requests): readonly DeviceRuntime[] {
  return INJECTORS.flatMap(({name, asked, libraries, programs}) => {
    const why = asked(requests)
    return why === undefined ? [] : [{reason: `${name} puts it into the container (${why})`, libraries, programs}]
  })
}

/** Who puts a library into the container, and why; undefined where it has to be in the image. */
export function injectedLibrary(runtimes: readonly DeviceRuntime[], name: string): string | undefined {
  return runtimes.find(({libraries}) => libraries.test(name))?.reason
}

/** The same of a program, by its path or name. */
export function injectedProgram(runtimes: readonly DeviceRuntime[], path: string): string | undefined {
  const name = baseName(path)
  return runtimes.find(({programs}) => programs.includes(name))?.reason
}
