import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';

/** What each file imports, of the program alone: paths from the top of the repository, as `src/base/text.ts`. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>;

/** Types count as values do: a type of a room above is knowledge of that room. */
export function readImports(repository: string): ImportGraph {
  const files = ['src', 'rules'].flatMap((folder) =>
    readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /(?<!\.d|\.test)\.ts$/.test(name))
      .map((name) => posix.join(folder, name)),
  );
  return new Map(
    files
      .sort()
      .map((file) => [file, importsIn(file, readFileSync(join(repository, file), 'utf8'))]),
  );
}

/** `import … from`, `export … from`, an import for its effects, and one when it is used. */
const imports =
  /^(?:import|export)\b[^;'"]*?\bfrom '(\.[^']*)'|^import '(\.[^']*)'|\bimport\('(\.[^']*)'\)/gm;

/** Distinct, sorted. */
export function importsIn(file: string, text: string): readonly string[] {
  const targets = [...text.matchAll(imports)].map(([, from, effect, lazy]) =>
    posix.join(dirname(file), from ?? effect ?? lazy ?? ''),
  );
  return [...new Set(targets)].sort();
}
