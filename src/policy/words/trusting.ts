import { amount } from '../../base/amount.ts';
import type { Note } from '../../report/policy-messages.ts';
import { compileImageFits } from '../image-name.ts';
import type { Selector } from '../policy.ts';
import { compileSelector, compileWhenNeeded } from '../select.ts';
import type { Subject } from '../subject.ts';
import { wordOfLayers, wordsOfMatch } from './word-of.ts';
import { isAccepted, type Word, words } from './words.ts';

/** `maybe`: only a word says so that the policy does not accept. It must not loosen anything, and may tighten. */
export type Trust = 'yes' | 'no' | 'maybe';

export type Trusted = (subject: Subject) => Trust;

/** Selectors that know on whose word they match. */
export interface Trusting {
  /** `asker` names the selector in notices: `the waiver of pie at hullcheck.yaml:3`; null: of a profile, which has none. */
  compile(selector: Selector, asker: string | null, by?: 'profile' | 'configuration'): Trusted;
  /**
   * By what a selector matches a file that the policy does not accept, as ends of sentences. It must not loosen anything then. Empty:
   * all of it is accepted.
   */
  doubts(selector: Selector, subject: Subject, asker: () => string): readonly string[];
  /** After all matching: which selectors rest on which word. */
  notices(): readonly Note[];
}

/** Of one run. Throws UsageError for a glob that makes no sense. */
export function createTrusting(accept: readonly Word[] | undefined): Trusting {
  const rested = new Map<Word, Set<string>>();
  const note = (word: Word, asker: string | null) => {
    if (asker === null) return;
    const askers = rested.get(word) ?? new Set();
    rested.set(word, askers.add(asker));
  };
  const compile: Trusting['compile'] = (selector, asker, by) => {
    const { layer, ...others } = selector;
    const compiled = by === 'profile' ? compileWhenNeeded : compileSelector;
    const matches = compiled(selector);
    if (accept === undefined && asker === null)
      return (subject) => (matches(subject) ? 'yes' : 'no');
    const matchesBut = accept === undefined || layer === undefined ? matches : compiled(others);
    return (subject) => {
      const isOpen = layer !== undefined && isOpenBoundary(subject, accept);
      if (!(isOpen ? matchesBut : matches)(subject)) return 'no';
      const found = wordsOfMatch(selector, subject);
      for (const word of found) note(word, asker);
      return isOpen || found.some((word) => !isAccepted(word, accept)) ? 'maybe' : 'yes';
    };
  };
  return {
    compile(selector, asker, by) {
      const trusts = compile(selector, asker, by);
      const { image, ...others } = selector;
      if (image === undefined) return trusts;
      const fitOf = compileImageFits(image);
      const trustsBut = compile(others, asker, by);
      return (subject) => {
        if (fitOf(subject.target) !== 'maybe') return trusts(subject);
        return trustsBut(subject) === 'no' ? 'no' : 'maybe';
      };
    },
    doubts(selector, subject, asker) {
      const found = wordsOfMatch(selector, subject);
      for (const word of found) note(word, asker());
      const isOpen = selector.layer !== undefined && isOpenBoundary(subject, accept);
      if (found.length === 0 && !isOpen) return none;
      const refused = found.filter((word) => !isAccepted(word, accept));
      return [
        ...refused.map((word) => `it rests on ${words[word]}, which the policy does not accept`),
        ...(isOpen ? ['nothing that the policy accepts says where the base image ends'] : []),
      ];
    },
    notices: () =>
      [...rested].map(([word, askers]) => noticeOf(word, [...askers].toSorted(), accept)),
  };
}

/** Asked of each verdict that a selector matches. */
const none: readonly string[] = [];

/** Whether nothing that the policy accepts says where the base image ends. What has no layers has no boundary either. */
export function isOpenBoundary(
  { target }: Pick<Subject, 'target'>,
  accept: readonly Word[] | undefined,
): boolean {
  if (accept === undefined || target.kind !== 'image') return false;
  const word = wordOfLayers(target);
  return word !== null && (word === 'unknown' || !isAccepted(word, accept));
}

/** What a user can do about it without another policy. */
const remedies: Partial<Record<Word, string>> = {
  name: '; to say the name yourself, give it after the file: FILE:NAME',
};

/** Selectors that a notice names. */
const mostNamed = 3;

function noticeOf(
  word: Word,
  askers: readonly string[],
  accept: readonly Word[] | undefined,
): Note {
  const more = askers.length - mostNamed;
  const named = `${askers.slice(0, mostNamed).join(', ')}${more > 0 ? ` and ${amount(more, 'more selector')}` : ''}`;
  const verb = askers.length === 1 ? 'rests' : 'rest';
  const what = `${named} ${verb} on ${words[word]}, which the author of the image can write`;
  return isAccepted(word, accept)
    ? { kind: 'word-believed', message: what, count: askers.length }
    : {
        kind: 'word-unaccepted',
        message: `${what}: the policy does not accept it (accept: ${word}), so nothing is loosened by it${remedies[word] ?? ''}`,
        count: askers.length,
      };
}
