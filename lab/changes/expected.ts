import { type Answer, type Standing, verdictLists } from './run-diff.ts';

/** A row of changes.tsv, as build-changes.sh writes it. */
export interface Change {
  readonly cell: string;
  readonly name: string;
  /** Name of the build before it. */
  readonly before: string;
  readonly exitCode: number;
  readonly worse: readonly string[];
  /** Of the same cause: they may be listed too; `*`: anything may be. */
  readonly also: readonly string[];
  readonly neutral: readonly string[];
  /** They may be listed as neutral or unseen too; `*` for any. */
  readonly noted: readonly string[];
  readonly unseen: readonly string[];
  /** They get worse on the way back. */
  readonly back: readonly string[];
  /** The option that was lost; null: none of a compiler or linker was. */
  readonly lost: string | null;
}

export function readChanges(text: string): Change[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [cell = '', name = '', before = '', exitCode = '', expected = '', lost = '-'] =
        line.split('\t');
      const rulesOf = (list: string) =>
        expected
          .split(' ')
          .filter((word) => word.startsWith(`${list}=`))
          .map((word) => word.slice(list.length + 1))
          .toSorted();
      return {
        cell,
        name,
        before,
        exitCode: Number(exitCode),
        worse: rulesOf('worse'),
        also: rulesOf('also'),
        neutral: rulesOf('neutral'),
        noted: rulesOf('noted'),
        unseen: rulesOf('unseen'),
        back: rulesOf('back'),
        lost: lost === '-' ? null : lost,
      };
    });
}

export type Direction = 'forward' | 'reverse';

/** Sentences: what an answer says that the change does not explain, or does not say that it should. */
export function shortcomings(change: Change, direction: Direction, answer: Answer): string[] {
  const { exitCode, rules, files, message } = answer;
  const backExit = change.back.length > 0 ? 1 : 0;
  const expectedExit = direction === 'forward' ? change.exitCode : backExit;
  if (exitCode !== 0 && exitCode !== 1) return [`exit code ${exitCode}: ${message}`];
  const isForward = direction === 'forward';
  const must: Readonly<Record<string, readonly string[]>> = {
    ...(isForward ? { worse: change.worse } : { better: change.worse, worse: change.back }),
    neutral: change.neutral,
    unseen: isForward ? change.unseen : [],
  };
  const may: Readonly<Record<string, readonly string[]>> = {
    [isForward ? 'worse' : 'better']: change.also,
    neutral: [...change.also, ...change.noted],
    unseen: change.noted,
  };
  const isAnyOther = change.also.includes('*');
  const wrongLists = verdictLists.flatMap((list) =>
    listShortcomings(
      list,
      rules.get(list) ?? [],
      must[list] ?? [],
      isAnyOther ? ['*'] : (may[list] ?? []),
    ),
  );
  const wrongFiles = ['added', 'removed'].flatMap((list) =>
    (files.get(list) ?? []).map((path) => `${path} is ${list}`),
  );
  const wrongExit = exitCode === expectedExit ? [] : [`exit code ${exitCode}, not ${expectedExit}`];
  const wrongCauses = isForward ? causeShortcomings(change, answer) : [];
  return [...wrongLists, ...wrongFiles, ...wrongExit, ...wrongCauses];
}

/** What changed is one cause, with the option that was lost. */
function causeShortcomings({ worse, lost }: Change, { causes }: Answer): string[] {
  return worse.flatMap((rule) => {
    const found = causes.filter((cause) => cause.rule === rule);
    if (found.length > 1) return [`${rule} has ${found.length} causes`];
    return found
      .filter(({ flag }) => flag !== lost)
      .map(({ flag }) => `the cause of ${rule} is ${flag}, not ${lost}`);
  });
}

/** A scan of the new release against the old one says what a comparison says. */
export function differences(answer: Answer, standing: Standing): string[] {
  const worse = answer.rules.get('worse') ?? [];
  return [
    ...(standing.exitCode === answer.exitCode
      ? []
      : [
          `exit code ${standing.exitCode}, of a comparison ${answer.exitCode}: ${standing.message}`,
        ]),
    ...(standing.worse.join() === worse.join()
      ? []
      : [`worse is ${standing.worse.join(', ')}, in a comparison ${worse.join(', ')}`]),
  ];
}

function listShortcomings(
  list: string,
  listed: readonly string[],
  must: readonly string[],
  may: readonly string[],
): string[] {
  return [
    ...must.filter((rule) => !listed.includes(rule)).map((rule) => `${list} lacks ${rule}`),
    ...listed
      .filter((rule) => ![...must, ...may].includes(rule) && !may.includes('*'))
      .map((rule) => `${list} has ${rule}`),
  ];
}
