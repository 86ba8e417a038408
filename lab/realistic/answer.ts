import type { Build } from './programs.ts';
import type { Edition, OwnFile, RealisticImage, Whose } from './realistic-image.ts';

/** What a report of an image has to say, by its default gate. */
export interface Answer {
  readonly gate: 'holds' | 'broken';
  /** Exactly the files that break it, by path. */
  readonly breaking: Readonly<
    Record<string, { readonly whose: Whose; readonly rules: readonly string[] }>
  >;
  /** Whose file others are; no finding of theirs breaks the gate. */
  readonly whose: Readonly<Record<string, Whose>>;
  /** Who can change it, in a sentence for a person. */
  readonly fix: string;
  /** Options of the scan, with names of files in the folder of the images. */
  readonly options: readonly string[];
}

/** Follows from the flags of what was built and from what lies where; nothing here has looked at a report. */
export function answerOf(image: RealisticImage, edition: Edition): Answer {
  const files = image.own(edition);
  const breaking = Object.fromEntries([
    ...files.flatMap((file) => {
      const rules = broken(file);
      return rules.length === 0 ? [] : [[file.path, { whose: file.whose, rules }] as const];
    }),
    ...(edition === 'found' ? Object.entries(image.breakingDependencies) : []).map(
      ([path, rules]) => [path, { whose: 'dependency', rules }] as const,
    ),
  ]);
  const names = Object.keys(breaking);
  return {
    gate: names.length > 0 ? 'broken' : 'holds',
    breaking,
    whose: {
      ...Object.fromEntries(files.map(({ path, whose }) => [path, whose])),
      ...image.whose(edition),
    },
    fix: names.length > 0 ? image.fix : 'nothing to fix',
    options: image.options,
  };
}

/** Rules of severity high that fail by the flags, as far as whose file it is lets them break the gate. */
function broken({ build, whose }: OwnFile): readonly string[] {
  return whose === 'yours'
    ? lacks(build)
    : lacks(build).filter((rule) => rule === 'non-executable-stack');
}

/**
 * A default of Go or Rust is not in here: a fixed address of a program without C is not what a release stops for. Nor is
 * lazy binding, which keeps no program from its work and lets no attacker in.
 */
function lacks({ by, flags }: Build): readonly string[] {
  if (by === 'go' || by === 'rustc') return [];
  const has = (flag: string) => flags.includes(flag);
  return [
    ...(has('-no-pie') ? ['pie'] : []),
    ...(has('-fno-stack-protector') ? ['stack-protector'] : []),
    ...(has('-Wl,-z,execstack') ? ['non-executable-stack'] : []),
  ];
}
