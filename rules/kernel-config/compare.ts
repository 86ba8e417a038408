import type { KnownFacts } from '../../src/judge/rule.ts';
import { type Recommendation, recommendations } from './recommendations.ts';

type Configuration = NonNullable<KnownFacts<'kernelConfig'>['kernelConfig']>;

export interface Compared {
  /** As many as the configuration offers. */
  readonly offered: number;
  readonly missing: readonly Missing[];
}

export interface Missing {
  readonly recommendation: Recommendation;
  /** As in the configuration: `CONFIG_X is not set`. */
  readonly saw: string;
}

/** What weighs more comes first. */
export function compare(configuration: Configuration): Compared {
  const states = recommendations.map((each) => ({
    recommendation: each,
    state: stateOf(each, configuration),
  }));
  const missing = states.flatMap(({ recommendation, state }) =>
    state === 'met' || state === 'not offered' ? [] : [{ recommendation, saw: state.saw }],
  );
  const weight = ({ recommendation }: Missing) => (recommendation.weighs === true ? 0 : 1);
  return {
    offered: states.filter(({ state }) => state !== 'not offered').length,
    missing: missing.toSorted((a, b) => weight(a) - weight(b)),
  };
}

type State = 'met' | 'not offered' | { readonly saw: string };

/**
 * Kconfig writes a line for each option that can be chosen. What has none cannot: this version does not have it, nor this machine, or
 * it rests on another option, which is named in `under` where it should be there.
 */
function stateOf(recommendation: Recommendation, { architecture, options }: Configuration): State {
  const { option, or = [], under = [], want, only } = recommendation;
  if (only !== undefined && !isOf(only, architecture)) return 'not offered';
  const setTo = (name: string) => (Object.hasOwn(options, name) ? options[name] : undefined);
  const value = setTo(option);
  if (want === 'off') {
    if (value === undefined) return 'not offered';
    return value === 'n' ? 'met' : { saw: `CONFIG_${option}=${value}` };
  }
  if (want !== 'on') {
    if (value === undefined || !/^\d{1,9}$/.test(value)) return 'not offered';
    return Number(value) >= want ? 'met' : { saw: `CONFIG_${option}=${value}` };
  }
  const names = [option, ...or];
  if (names.some((name) => ['y', 'm'].includes(setTo(name) ?? ''))) return 'met';
  const unset = [...names, ...under].find((name) => setTo(name) === 'n');
  return unset === undefined ? 'not offered' : { saw: `CONFIG_${unset} is not set` };
}

/** Before Linux 2.6.24 and in some later titles, the folder of x86 has its width behind it. */
function isOf(folder: string, architecture: string): boolean {
  return architecture === folder || (folder === 'x86' && architecture === 'x86_64');
}
