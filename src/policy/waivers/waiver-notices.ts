import { amount } from '../../base/amount.ts';
import { daysBetween } from '../../base/day.ts';
import { oncePerDay } from '../../base/once-per.ts';
import type { MessageKind, Note } from '../../report/policy-messages.ts';
import type { Waiver } from '../policy.ts';
import { compileWaivers, type WaiverOfRule } from './compile-waivers.ts';
import type { IdleWaivers } from './idle-waivers.ts';
import { nameOf, type UsedWaiver, type Uses } from './waiver-uses.ts';

/** Days before its end on which a waiver is announced to expire: time to fix what it hides. */
const announced = 14;

const mostSentences = 10;

export function waiverNotices(uses: Uses, { first, count }: IdleWaivers): readonly Note[] {
  const shown = first.slice(0, mostSentences);
  const more = count - shown.length;
  const ending = endingBefore(uses.all, uses.today);
  return [
    ...ending.flatMap((each) => noticeOf(each, uses.today, uses.met.get(each)) ?? []),
    ...shown.map(({ kind, what, because, each: { rule, waiver } }) => ({
      ...{ kind, message: `${what} ${because}` },
      ...aboutOf(rule, waiver),
    })),
    ...(more > 0
      ? [
          {
            kind: 'waiver-unused' as const,
            message: `${amount(more, 'more waiver')} ${more === 1 ? 'accepts' : 'accept'} nothing here`,
            count: more,
          },
        ]
      : []),
  ];
}

function aboutOf(rule: string, { origin }: Waiver): Pick<Note, 'rules' | 'origin'> {
  return { rules: [rule], origin };
}

/** Those of which there may be something to say whatever was judged. Few, and the same for every report of a day. */
export const endingBefore = oncePerDay((all: readonly WaiverOfRule[], today) =>
  all.filter(({ waiver: { expires, refused } }) => {
    const isEnding = expires !== null && daysBetween(today, expires) <= announced;
    return refused !== undefined || isEnding;
  }),
);

/** Loud, since it takes a rule out of every image. Who means that writes a glob that says so. */
export function boundlessWaivers(waivers: readonly Waiver[]): readonly Note[] {
  return compileWaivers(waivers).boundless.map(({ rules, origin }) => ({
    kind: 'waiver-boundless',
    message: `the waiver of ${rules.join(', ')} at ${origin} is for every file of every image: name a path, package, image or digest, or say so with path: '**'`,
    rules,
    origin,
  }));
}

function noticeOf(
  { rule, waiver }: WaiverOfRule,
  today: string,
  used: UsedWaiver | undefined,
): Note | null {
  const { expires, refused } = waiver;
  const { matched, open } = used ?? { matched: 0, open: 0 };
  const note = (kind: MessageKind, rest: string, count: number): Note => ({
    ...{ kind, message: `${nameOf(rule, waiver)} ${rest}` },
    ...aboutOf(rule, waiver),
    count,
  });
  if (refused !== undefined) return note('waiver-refused', `does not count: ${refused}`, open);
  if (expires === null) return null;
  if (expires < today) {
    const found =
      matched === 0
        ? 'it would match nothing'
        : open === 0
          ? 'another one accepts what it matches'
          : `${amount(open, 'finding')} ${open === 1 ? 'counts' : 'count'} again`;
    return note('waiver-ended', `expired on ${expires}: ${found}`, open);
  }
  if (matched === 0 || daysBetween(today, expires) > announced) return null;
  return note(
    'waiver-ending',
    `expires after ${expires}: it hides ${amount(matched, 'finding')}`,
    matched,
  );
}
