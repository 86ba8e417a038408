/** One entry of a layer, as the layer's tar carries it. */
export type LayerEntry = {
  /** Relative to the root, without a slash at either end. */
  readonly path: string;
  readonly uid?: number;
} & (
  | { readonly type: 'directory'; readonly mode?: number }
  | {
      readonly type: 'file';
      readonly mode?: number;
      readonly body: Buffer;
      readonly capability?: string;
    }
  | { readonly type: 'symlink' | 'hardlink'; readonly target: string }
);

export interface SampleLayer {
  readonly createdBy: string;
  readonly entries: readonly LayerEntry[];
}

/** An image before it is packed in one of the layouts. */
export interface SampleImage {
  readonly repository: string;
  readonly tag: string;
  readonly created: string;
  /** The `config` object of the image configuration. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly layers: readonly SampleLayer[];
  /** What the image's history says after its last layer: changes of the configuration alone. */
  readonly configuredBy: readonly string[];
}

export function directory(path: string, mode = 0o755): LayerEntry {
  return { path, type: 'directory', mode };
}

export function file(path: string, body: Buffer | string, mode = 0o644): LayerEntry {
  return { path, type: 'file', body: Buffer.from(body), mode };
}

export function symlink(path: string, target: string): LayerEntry {
  return { path, type: 'symlink', target };
}

export function hardlink(path: string, target: string): LayerEntry {
  return { path, type: 'hardlink', target };
}
