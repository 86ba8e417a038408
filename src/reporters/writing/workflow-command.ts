import { escapeText } from '../../base/escape.ts';

/** What GitHub shows an annotation as. */
export type Level = 'error' | 'warning' | 'notice';

/** GitHub shows ten annotations of each level for a step, so the rest would only fill the log. */
export const mostAnnotations = 10;

/** Of a run whose answer is an error of its own. */
export const mostOfLevel: Readonly<Record<Level, number>> = {
  error: mostAnnotations - 1,
  warning: mostAnnotations,
  notice: mostAnnotations,
};

export interface Annotation {
  readonly title: string;
  /** null: of no file. */
  readonly place?: {
    readonly file: string;
    readonly line: number;
    readonly column?: number;
  } | null;
  readonly lines: readonly string[];
}

/** An annotation on a run, as the runner decodes it. Control characters are spelled out, so that a line stays a line. */
export function workflowCommand(level: Level, { title, place = null, lines }: Annotation): string {
  const column = place?.column === undefined ? '' : `,col=${place.column}`;
  const at =
    place === null ? '' : `file=${escapeProperty(place.file)},line=${place.line}${column},`;
  return `::${level} ${at}title=${escapeProperty(title)}::${lines.map(escapeData).join('%0A')}\n`;
}

function escapeData(text: string): string {
  return escapeText(text).replaceAll('%', '%25');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
