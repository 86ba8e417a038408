import { UsageError } from '../../base/errors.ts';
import type { WaiverConfig } from '../../policy/config/config.ts';
import type { ConfigLayer } from '../../policy/config/layers.ts';
import { waiverRefusedBy } from '../../policy/waivers/waiver-limits.ts';
import type { Surroundings } from '../command.ts';
import { readWithRules } from './known-rules.ts';
import { inForce, withoutGivenWay } from './settings.ts';

interface Added {
  readonly waiver: WaiverConfig;
  /** Absolute path of the file that it is added to, which may not be there yet, and what messages call it. */
  readonly path: string;
  readonly name: string;
  /** By `--config`. */
  readonly named: string | undefined;
}

/**
 * Throws UsageError where a waiver that is added to a file would not count: a policy in force locks waivers, or requires more of them. Without
 * it, everybody would find out by the next gate that breaks.
 */
export async function demandEffect(
  { waiver, path, name, named }: Added,
  { cwd, env, today }: Surroundings,
): Promise<void> {
  const args = named === undefined ? {} : { config: named };
  const { sources } = await readWithRules(args, { cwd, env, images: [] });
  const { layers } = withoutGivenWay(sources.layers);
  const added = { at: { name }, value: waiver };
  const isThere = layers.some(({ file }) => file.path === path);
  const own: ConfigLayer = {
    config: { waivers: [added] },
    originOf: () => name,
    placeOf: () => name,
  };
  const over: readonly ConfigLayer[] = isThere
    ? layers.map((layer) => {
        if (layer.file.path !== path) return layer;
        const { config } = layer;
        return { ...layer, config: { ...config, waivers: [...(config.waivers ?? []), added] } };
      })
    : [...layers, own];
  const { config } = inForce(over);
  const { limits = [] } = config.waivers?.find(({ value }) => value === waiver) ?? {};
  const refused = waiverRefusedBy(waiver, limits, today);
  if (refused !== null)
    throw new UsageError(`the waiver would not count: ${refused}; nothing was written`);
}
