import type { Layer, Target } from '../source.ts';

/** A root filesystem is one layer, and promises no digest. */
export function rootTarget(
  name: string,
  scheme: string,
  size: number | null,
  entries: Layer['entries'],
  more: Pick<Layer, 'hold' | 'digests'> = {},
): Target {
  return {
    name,
    scheme,
    kind: 'root-filesystem',
    digest: null,
    platform: null,
    config: null,
    layers: [
      {
        digest: null,
        diffId: null,
        size,
        createdBy: null,
        origin: null,
        isThere: async () => true,
        entries,
        ...more,
      },
    ],
    problems: [],
  };
}
