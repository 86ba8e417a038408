/**
 * Judges every ELF file below the given files and folders (default: /usr/bin /usr/lib) by the rules pie, relro,
 * bind-now and non-executable-stack, derives the same verdicts from what GNU readelf prints, shows how many of each
 * were compared and each difference, and exits with 1 if there was one. Build first: `npx tsc -p .`, then
 * `node dist/lab/compare-verdicts-with-readelf.js [path ...]`.
 */
import { readFileSync } from 'node:fs';
import { rules } from '../rules/index.ts';
import { notKnown } from '../src/base/fact.ts';
import { extractFacts } from '../src/extraction/extract-facts.ts';
import { judge } from '../src/judge/judge.ts';
import { type BinaryRule, type FactName, judgesBinaries } from '../src/judge/rule.ts';
import type { JudgedVerdict } from '../src/report/report.ts';
import { bareFileFacts } from '../src/root/root-facts.ts';
import { elfFilesBelow } from './readelf/elf-files.ts';
import { expectedVerdicts } from './readelf/expected-verdicts.ts';
import { type ReadelfView, readelfViews } from './readelf/readelf-view.ts';

/** Starting readelf costs more than what it does for a file. */
const filesPerRun = 200;

const compared: readonly BinaryRule[] = rules
  .filter(judgesBinaries)
  .filter(({ id }) => Object.hasOwn(expectedVerdicts, id));
const wanted = new Set<FactName>([
  'acceptance',
  'kind',
  'packer',
  ...compared.flatMap(({ needs }) => needs),
]);

/** None of these rules asks where a file lies. */
const nowhere = notKnown('the file is judged by itself');
const place = bareFileFacts(nowhere);

async function main(paths: readonly string[]): Promise<number> {
  const files = paths.flatMap(elfFilesBelow);
  const counts = new Map<string, number>();
  let differences = 0;
  for (let first = 0; first < files.length; first += filesPerRun) {
    const judged = files.slice(first, first + filesPerRun).map(judgeFile);
    const views = await viewsOf(judged);
    for (const { file, verdicts } of judged) {
      for (const verdict of verdicts) {
        const difference = compare(verdict, views.get(file), counts);
        if (difference === null) continue;
        differences += 1;
        console.log(`${file}: ${difference}`);
      }
    }
  }
  console.log(`${files.length} ELF files, ${differences} differences. Verdicts compared:`);
  for (const [what, number] of [...counts].sort()) console.log(`  ${what}: ${number}`);
  return differences > 0 || files.length === 0 ? 1 : 0;
}

interface JudgedFile {
  readonly file: string;
  readonly damaged: boolean;
  readonly verdicts: readonly JudgedVerdict[];
}

/** After a truncated file readelf 2.40 lists no relocations of the files that follow: damaged ones get runs of their own. */
async function viewsOf(judged: readonly JudgedFile[]): Promise<ReadonlyMap<string, ReadelfView>> {
  const views = new Map<string, ReadelfView>();
  const runs = [
    judged.filter(({ damaged }) => !damaged),
    ...judged.filter(({ damaged }) => damaged).map((one) => [one]),
  ];
  for (const run of runs) {
    for (const [file, view] of await readelfViews(run.map(({ file }) => file)))
      views.set(file, view);
  }
  return views;
}

function judgeFile(file: string): JudgedFile {
  const facts = extractFacts(readFileSync(file), wanted);
  const all = { ...facts, ...place };
  const damaged = [...wanted].some((name) => !all[name].known);
  return { file, damaged, verdicts: judge(compared, all) };
}

/** A sentence, or null when both agree. An `unknown` claims nothing; it is counted apart so that none stays hidden. */
function compare(
  { rule, outcome, message }: JudgedVerdict,
  view: ReadelfView | undefined,
  counts: Map<string, number>,
): string | null {
  const expected = view === undefined ? null : (expectedVerdicts[rule]?.(view) ?? null);
  const what = `${rule} ${expected === null ? 'not shown by readelf' : outcome}`;
  counts.set(what, (counts.get(what) ?? 0) + 1);
  if (expected === null || outcome === 'unknown' || outcome === expected) return null;
  return `${rule}: ${outcome} (${message}), but readelf shows ${expected}`;
}

const given = process.argv.slice(2);
process.exitCode = await main(given.length > 0 ? given : ['/usr/bin', '/usr/lib']);
