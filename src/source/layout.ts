import type {ImageSource} from '../image/source.ts'

/** What `oci:DIR[:TAG]` names. */
export interface LayoutOptions {
  readonly directory: string
  /** Picks an image by its `org.opencontainers.image.ref.name` or `io.containerd.image.name`; needed where there are several. */
  readonly tag?: string | undefined
}

/** Opens an OCI image layout, https://github.com/opencontainers/image-spec/blob/main/image-layout.md. */
export async function openLayout(options: LayoutOptions): Promise<ImageSource> {
  throw new Error(`coming: ${options.directory}`)
}
