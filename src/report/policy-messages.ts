import { compare } from '../base/compare.ts';
import type { PolicyMessage } from './report.ts';

/** What a message of the policy can be about, by its kind. A kind keeps its meaning; sentences may change. */
export const messageKinds = {
  'file-not-in-force': 'a configuration that could be meant is not in force',
  'locks-not-in-force':
    'a configuration that locks settings, or extends one that may, is not in force',
  'setting-dropped':
    'a setting of a policy that a repository extends is looser than that of the job, and does not count',
  'file-empty': 'a configuration in force contains no settings',
  'rules-not-asked': 'rules were not asked of a saved report, since it has no verdicts of them',
  'limits-not-asked': 'limits of a configuration decide nothing of a saved report',
  'lists-moved':
    'lists of allow and deny are where they were not when a saved report was written, and say the same',
  'report-of-other-version': 'a saved report was judged by the rules of another version',
  'waiver-boundless': 'a waiver is for every file of every image',
  'waiver-ended': 'a waiver is past its end',
  'waiver-ending': 'a waiver in use ends within two weeks',
  'waiver-refused': 'a waiver is beyond what a configuration allows',
  'waiver-unused': 'a waiver accepts nothing here',
  'level-in-force': 'a configuration weighs a rule otherwise, for all files or for some',
  'override-unused': 'an override matches no file',
  'list-unused': 'an entry of allow or deny matches no file',
  'exclude-unused': 'a glob of exclude leaves out nothing',
  'claim-unused': 'an entry of yours matches no file',
  'dependency-unused': 'an entry of dependencies matches no file',
  'path-is-folder': 'a path of a selector is a folder, and selects no file in it',
  'image-unused': 'an entry of images selects no image',
  'image-unnamed': 'no entry of images is for an image that the user gave no name',
  'baseline-unused': 'the finding of an entry of the baseline is gone',
  'baseline-ended': 'entries of the baseline are past their end',
  'baseline-refused': 'entries of the baseline are beyond what a configuration allows',
  'baseline-raised':
    'findings of the baseline weigh more, or fail for more, than when they were accepted',
  'baseline-unaccepted':
    'entries of the baseline are of an image by a name that the policy does not accept',
  'baseline-not-asked': 'the baseline does not count, because an older release says what is known',
  'hard-to-compare': 'the older release is hard to compare with',
  'name-of-content': 'settings are in force by a name that the image gives itself',
  'word-believed': 'a selector rests on what the image says of itself',
  'word-unaccepted': 'the policy does not accept what the image says of itself',
  'layers-unknown': 'a selector by layer, and the base image is not known',
  'layers-believed': 'a selector by layer, and the base image is as the image says',
  'release-doubtful': 'an image claims a release that its files do not agree with',
  'managers-two': 'an image has package databases of two managers',
  'profile-inapplicable': 'a profile is for other distributions than the image',
  'distribution-unknown': 'no promise is known of the distribution of an image',
} as const;

export type MessageKind = keyof typeof messageKinds;

/** A message before its level is known. */
export interface Note extends Omit<PolicyMessage, 'level' | 'kind'> {
  readonly kind: MessageKind;
}

/** Warnings first, each level sorted by its sentences. */
export function messagesOf(
  warnings: readonly Note[],
  notices: readonly Note[],
): readonly PolicyMessage[] {
  const at = (level: PolicyMessage['level'], notes: readonly Note[]) =>
    notes.map((note) => ({ level, ...note })).toSorted(bySentence);
  return [...at('warning', warnings), ...at('notice', notices)];
}

/** The sentences of a level, as they were before messages had kinds. */
export function sentencesOf(
  messages: readonly PolicyMessage[],
  level: PolicyMessage['level'],
): readonly string[] {
  return messages.filter((each) => each.level === level).map(({ message }) => message);
}

function bySentence(a: Note, b: Note): number {
  return compare(a.message, b.message);
}
