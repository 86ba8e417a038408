import { readdirSync } from 'node:fs';
import { join } from 'node:path';

interface Collection {
  readonly folder: string;
  /** What each file on top, or each folder, is. */
  readonly holds: string;
  /** The file that says what all of them are; for rules it lies elsewhere. */
  readonly contract: string;
}

const collections: readonly Collection[] = [
  { folder: 'rules', holds: 'rules, a folder each', contract: 'src/judge/rule.ts' },
  { folder: 'src/facts', holds: 'facts', contract: 'src/facts/fact-extractor.ts' },
  { folder: 'src/sources', holds: 'sources', contract: 'src/sources/source.ts' },
  { folder: 'src/reporters', holds: 'formats', contract: 'src/reporters/reporter.ts' },
  { folder: 'src/commands', holds: 'commands', contract: 'src/commands/command.ts' },
  {
    folder: 'src/diff/formats',
    holds: 'formats of a comparison',
    contract: 'src/diff/formats/diff-format.ts',
  },
  {
    folder: 'src/audit/formats',
    holds: 'formats of an audit',
    contract: 'src/audit/formats/audit-format.ts',
  },
  { folder: 'src/policy/profiles', holds: 'profiles', contract: 'src/policy/profile.ts' },
  { folder: 'src/archive', holds: 'formats and decompression', contract: 'src/archive/entry.ts' },
  {
    folder: 'src/layers',
    holds: 'catalogs, and the root that they make',
    contract: 'src/layers/catalog.ts',
  },
  {
    folder: 'src/root/loader',
    holds: 'loaders, and linking as they do',
    contract: 'src/root/loader/process-image.ts',
  },
  {
    folder: 'src/root/start',
    holds: 'the start of an image, link by link',
    contract: 'src/root/start/start.ts',
  },
];

/** A table in Markdown: what lies on top of each room that holds things of one kind, and in which folders what they are made of. */
export function chaptersTable(repository: string): string {
  const rows = collections.map(({ folder, holds, contract }) => {
    const below = folder === 'rules' ? [] : foldersIn(join(repository, folder));
    const name = contract.slice(contract.lastIndexOf('/') + 1);
    const cells = [
      `[${folder}/](../${folder}/)`,
      holds,
      `[${name}](../${contract})`,
      below.map((each) => `\`${each}\``).join(' '),
    ];
    return `| ${cells.join(' | ')} |\n`;
  });
  return `| room | on top | contract | below |\n|---|---|---|---|\n${rows.join('')}`;
}

/** A folder that files have left stays where it was checked out, and is not one. */
function foldersIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .filter((name) => holdsSource(join(folder, name)))
    .sort();
}

function holdsSource(folder: string): boolean {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).some((name) =>
    name.endsWith('.ts'),
  );
}
