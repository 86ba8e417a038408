/** What an image says of itself, and its author can write: the names are those of the setting `accept`. */
export const words = {
  'package-database': 'the package database of the image, where digests agree with it',
  'package-paths': 'a package database without digests',
  'language-packages': 'lists of package managers of languages in the image',
  'os-release': 'os-release',
  history: 'the history of the image',
  labels: 'labels, annotations and provenance of the image',
  'build-id': 'build IDs in files',
  name: 'the name that the archive of the image gives itself',
  'named-base': 'what --base says',
  'debug-files': 'separate debug files of --debug-dir',
} as const;

export type Word = keyof typeof words;

export const wordNames = Object.keys(words) as readonly Word[];

/** By a policy that locks whose files count, or the profile, and does not say more. */
export const acceptedWhenLocked: readonly Word[] = ['package-database', 'os-release'];

/** `accept` is undefined where every word counts. */
export function isAccepted(word: Word, accept: readonly Word[] | undefined): boolean {
  return accept === undefined || accept.includes(word);
}

export function isWord(name: string): name is Word {
  return Object.hasOwn(words, name);
}
