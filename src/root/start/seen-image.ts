import type { ImageConfig } from '../../base/image-config.ts';
import type { Root } from '../../layers/root.ts';
import type { Binary } from '../binaries.ts';
import type { RootFacts } from '../root-facts.ts';

/** An image whose root is laid out, and whose binaries were found in it. */
export interface SeenImage {
  readonly root: Root;
  readonly config: ImageConfig;
  /** `os/arch[/variant]`; null where it does not say. */
  readonly platform: string | null;
  readonly found: readonly Binary[];
  /** In the order of `found`. */
  readonly facts: readonly RootFacts[];
  /** Parts of it that could not be read: paths, and names of layers. */
  readonly unread: readonly string[];
}
