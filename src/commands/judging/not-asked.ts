import { amount, listed } from '../../base/amount.ts';
import type { SavedReport } from '../../policy/again/saved-reports.ts';
import { type ConfigLayer, sourceIn } from '../../policy/config/layers.ts';
import { listSettings } from '../../policy/config/settings-list.ts';
import type { Note } from '../../report/policy-messages.ts';

/** Rules that a sentence names. */
const mostNamed = 5;

/** Rules of this version that saved reports have no verdict of: an older version has fewer, and so has a run with `--rule`. */
export function rulesNotAsked(
  saved: readonly SavedReport[],
  asked: readonly string[],
  ids: readonly string[],
): readonly Note[] {
  const rules = ids.filter((id) => !asked.includes(id));
  if (rules.length === 0) return [];
  const more = rules.length - mostNamed;
  const named = `${rules.slice(0, mostNamed).join(', ')}${more > 0 ? ` and ${amount(more, 'more rule')}` : ''}`;
  const files = listed(saved.map(({ file }) => file));
  return [
    {
      kind: 'rules-not-asked',
      message: `${named} ${rules.length === 1 ? 'was' : 'were'} not asked of ${files}: name them with --rule where it was written with --facts, or scan the image again`,
      rules,
      count: rules.length,
    },
  ];
}

/** Limits of these settings that are not those by which a report was read, as far as it records them. */
export function limitsNotAsked(
  saved: readonly SavedReport[],
  layers: readonly ConfigLayer[],
): readonly Note[] {
  const limits = listSettings(layers).filter(
    ({ name }) => name.startsWith('limits.') && name !== 'limits.jobs',
  );
  return limits.flatMap(({ name, value, layer }) => {
    const text = JSON.stringify(value);
    const others = saved.filter(({ report }) => {
      const before = report.policy.settings?.find((setting) => setting.name === name);
      return before?.value !== text;
    });
    if (others.length === 0) return [];
    const files = listed(others.map(({ file }) => file));
    const origin = sourceIn(layer, name);
    return [
      {
        kind: 'limits-not-asked' as const,
        message: `${name} ${String(value)} (${origin}) has no effect on ${files}, which ${others.length === 1 ? 'was' : 'were'} read by other limits: scan the image again`,
        origin,
      },
    ];
  });
}
