import { amount } from '../../base/amount.ts';
import { known } from '../../base/fact.ts';
import type { Note } from '../../report/policy-messages.ts';
import type { BinaryReport, TargetReport } from '../../report/report.ts';
import { wordOfOwner } from './word-of.ts';
import { isAccepted, type Word, words } from './words.ts';

export interface AcceptedOwners {
  readonly targets: readonly TargetReport[];
  /** Sentences: of how many files the word of the image does not count. */
  readonly notices: readonly Note[];
}

/** Files are yours where only a word says otherwise that the policy does not accept. */
export function applyAccepted(
  targets: readonly TargetReport[],
  accept: readonly Word[] | undefined,
): AcceptedOwners {
  if (accept === undefined) return { targets, notices: [] };
  const refused = new Map<Word, number>();
  const owned = targets.map((target) => ({
    ...target,
    binaries: target.binaries.map((binary) => {
      const word = wordOfOwner({ target, judged: binary });
      if (word === null || isAccepted(word, accept)) return binary;
      refused.set(word, (refused.get(word) ?? 0) + 1);
      return yoursAll(binary, word);
    }),
  }));
  return { targets: owned, notices: [...refused].map(noticeOf) };
}

function yoursAll(binary: BinaryReport, word: Word): BinaryReport {
  const { ownership } = binary.facts;
  if (ownership?.known !== true) return binary;
  const { component, because } = ownership.value;
  const owned = {
    whose: 'yours' as const,
    component,
    because: `the policy does not accept ${words[word]}, which says otherwise: ${because}`,
  };
  return { ...binary, facts: { ...binary.facts, ownership: known(owned) } };
}

function noticeOf([word, files]: readonly [Word, number]): Note {
  const [verb, are] = files === 1 ? ['counts', 'is'] : ['count', 'are'];
  const message = `${amount(files, 'file')} ${verb} as yours: only ${words[word]} says whose ${files === 1 ? 'it' : 'they'} ${are}, which the policy does not accept (accept: ${word})`;
  return { kind: 'word-unaccepted', message, count: files };
}
