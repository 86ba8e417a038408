/** A value of a configuration and where it stands. YAML and JSON alike. */
export type ConfigNode = { readonly at: Position } & (
  | { readonly kind: 'map'; readonly members: readonly ConfigMember[] }
  | { readonly kind: 'list'; readonly items: readonly ConfigNode[] }
  | {
      readonly kind: 'scalar';
      readonly value: string | number | boolean | null;
      /** As it was written, where that can differ: `1e400`, `0x10`. */
      readonly source?: string;
    }
  /** A mistake was reported here already: no shape says anything of it. */
  | { readonly kind: 'broken' }
);

export interface ConfigMember {
  readonly key: string;
  readonly at: Position;
  readonly value: ConfigNode;
}

/** Where a value was given: in a file, lines and columns counted from 1, or outside of any. */
export type Position =
  | { readonly file: string; readonly line: number; readonly column: number }
  /** `--fail-on`, `HULLCHECK_FAIL_ON`. */
  | { readonly name: string };

/** `hullcheck.yaml:12:5`, `--fail-on`. */
export function positionText(at: Position): string {
  return 'name' in at ? at.name : `${at.file}:${at.line}:${at.column}`;
}

/** File and line: the column says nothing of a list's entry. */
export function lineText(at: Position): string {
  return positionText(at).replace(/:\d+$/, '');
}

/** `hullcheck.yaml:12:5` as a position again. */
export function positionFrom(text: string): Position {
  const [, file, line, column] = /^(.+):(\d+):(\d+)$/s.exec(text) ?? [];
  return file === undefined ? { name: text } : { file, line: Number(line), column: Number(column) };
}

export function isPackageFile(file: string): boolean {
  return /(?:^|\/)package\.json$/.test(file);
}

/** JSON has no comments and no last comma, whatever YAML would make of them. */
export function isJsonFile(file: string): boolean {
  return file.endsWith('.json');
}
