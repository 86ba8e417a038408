import type { SettingInForce } from '../../report/report.ts';
import { type ConfigLayer, sourceIn } from './layers.ts';
import { listSettings } from './settings-list.ts';

/** Characters of a value: a list may be as long as its file, which the report names with its digest. */
const longestValue = 2000;

/** For reports: what is not as by default. Waivers have entries of their own, and `jobs` changes no report. */
export function settingsInForce(layers: readonly ConfigLayer[]): readonly SettingInForce[] {
  return listSettings(layers)
    .filter(({ name, layer }) => !left.has(name) && layer.originOf(name) !== 'default')
    .map(({ name, value, layer }) => ({
      name,
      value: shortened(JSON.stringify(value)),
      from: sourceIn(layer, name),
    }));
}

const left: ReadonlySet<string> = new Set(['waivers', 'extends', 'limits.jobs', 'root']);

function shortened(text: string): string {
  const rest = text.length - longestValue;
  return rest > 0 ? `${text.slice(0, longestValue)}… and ${rest} more characters` : text;
}
