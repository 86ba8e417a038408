import { amount, listed } from '../../../base/amount.ts';
import type { Audit, Inactive } from '../../audit.ts';
import { kindsOf, termsText } from './words.ts';

/** `1 waiver accepted nothing (1 had ended)`; null: each accepted something. */
export function inactiveSummary({ inactive }: Pick<Audit, 'inactive'>): string | null {
  if (inactive.length === 0) return null;
  const counted = Object.entries(states).flatMap(([state, text]) => {
    const count = inactive.filter((each) => each.state === state).length;
    return count === 0 ? [] : [`${count} ${text}`];
  });
  return `${kindsOf(inactive)} accepted nothing (${counted.join(', ')})`;
}

const states = {
  ended: 'had ended',
  refused: 'beyond the limits of the policy',
  raised: 'of findings that weigh more, or fail for more, now',
  unaccepted: 'by a word of the image that the policy does not accept',
  unused: 'without a finding',
  idle: 'not in use, and maybe needed',
  elsewhere: 'of images that are in no report',
} as const satisfies Record<Inactive['state'], string>;

/** `had ended on 2026-11-15`. */
export function stateText({ state, expires }: Pick<Inactive, 'state' | 'expires'>): string {
  return state === 'ended' ? `${states.ended} on ${expires}` : states[state];
}

/** `had ended on 2026-11-15: waiver of team-x, ticket SHOP-2`. */
export function inactiveText(inactive: Inactive): string {
  return `${stateText(inactive)}: ${termsText(inactive)}`;
}

/** `relro, pie of image app and path /opt/x: 3 verdicts count again`, `relro (2 entries in app: /a, /b): no verdict counts again`. */
export function againText(inactive: Inactive): string {
  const { rules, verdicts, because, state } = inactive;
  const rest = state === 'ended' || state === 'elsewhere' ? '' : `: ${because}`;
  const what = `${rules.join(', ')}${placesText(inactive)}`;
  if (state === 'elsewhere') return what;
  return `${what}: ${countText(verdicts)}${rest}`;
}

/** `1 verdict counts again`. */
export function countText(verdicts: number): string {
  if (verdicts === 0) return 'no verdict counts again';
  return `${amount(verdicts, 'verdict')} ${verdicts === 1 ? 'counts' : 'count'} again`;
}

function placesText({ entries, images, paths, where }: Inactive): string {
  if (entries === null) return where === null ? '' : ` of ${whereText(where)}`;
  const of = images.length === 0 ? '' : ` in ${listed(images, 5)}`;
  const more = entries > paths.length ? ', ...' : '';
  return ` (${amount(entries, 'entry', 'entries')}${of}: ${paths.join(', ')}${more})`;
}

/** `image app and path /opt/x, /opt/y`. */
export function whereText(where: NonNullable<Inactive['where']>): string {
  const members = Object.entries(where).map(([name, globs]) => `${name} ${globs.join(', ')}`);
  return members.length === 0 ? 'every file of every image' : members.join(' and ');
}

/** What reports do not list; null: they list all. */
export function unlistedText({ reports }: Pick<Audit, 'reports'>): string | null {
  const most = Math.max(0, ...reports.map(({ inactiveUnlisted }) => inactiveUnlisted));
  if (most === 0) return null;
  return `a report leaves out up to ${amount(most, 'more waiver or baseline acceptance', 'more waivers and baseline acceptances')} in force that ${most === 1 ? 'accepts' : 'accept'} nothing in it`;
}
