/**
 * Runs that each subject gets of one round, against the others: large parsers and those that meet hostile bytes first get
 * more. Of a million runs the smallest share is some 12,000.
 */
export const shares: Readonly<Record<string, number>> = {
  elf: 30,
  'debug-file': 4,
  tar: 20,
  compression: 8,
  document: 6,
  image: 10,
  root: 10,
  configuration: 8,
  report: 8,
  squashfs: 5,
  ext: 5,
  iso: 5,
  fat: 5,
  disk: 4,
  deb: 4,
  rpm: 5,
  apk: 4,
  ipk: 2,
  pacman: 2,
  npm: 2,
  zip: 6,
  conda: 2,
  ar: 3,
  cpio: 4,
  kernel: 2,
  nested: 6,
  behind: 4,
  unread: 2,
};
