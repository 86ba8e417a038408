import type { Judged, TargetReport } from '../../report/report.ts';

/** What a reader does about findings. */
export type Fix =
  /** A line for a shell, to be copied as it stands. */
  | { readonly form: 'command'; readonly text: string }
  /** Lines for a file of a build system, and which file that is. */
  | { readonly form: 'settings'; readonly file: string; readonly lines: readonly string[] }
  /** A sentence without its full stop. */
  | { readonly form: 'advice'; readonly text: string };

/** A file as far as its remedy needs it. */
export interface Located {
  readonly target: TargetReport;
  readonly judged: Judged;
}

export function command(text: string): Fix {
  return { form: 'command', text };
}

export function advice(text: string): Fix {
  return { form: 'advice', text };
}

/**
 * Variables for the build that follows, each behind what it has already, but for -static: gcc links no program with it and
 * with -static-pie (gcc 12: crtbeginT.o "can not be used when making a PIE object").
 */
export function exported(variables: Readonly<Record<string, readonly string[]>>): string {
  const set = Object.entries(variables)
    .filter(([, flags]) => flags.length > 0)
    .map(([name, flags]) => {
      const kept = flags.includes('-static-pie') ? '' : `$${name} `;
      return `${name}="${kept}${flags.join(' ')}"`;
    });
  return `export ${set.join(' ')}`;
}

/** One line however a fix is made, for formats that have room for one. */
export function fixText(fix: Fix): string {
  switch (fix.form) {
    case 'command':
    case 'advice':
      return fix.text;
    case 'settings':
      return `in ${fix.file}: ${fix.lines.join('; ')}`;
  }
}
