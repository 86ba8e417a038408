import type { Log, Result } from 'sarif';
import { amount } from '../../base/amount.ts';
import { escapeJson, escapeText } from '../../base/escape.ts';
import { version } from '../../base/version.ts';
import { positionText } from '../../policy/config/config-node.ts';
import type { Remark } from '../../policy/config/lint/remark.ts';
import { mostAnnotations, workflowCommand } from '../../reporters/writing/workflow-command.ts';

/** What `config --check` found in these files. */
export interface CheckedFiles {
  readonly files: readonly string[];
  readonly remarks: readonly Remark[];
}

export const checkFormats = ['text', 'json', 'sarif', 'github'] as const;
export type CheckFormat = (typeof checkFormats)[number];

export function renderCheck(checked: CheckedFiles, format: CheckFormat): string {
  return {
    text: textOf,
    json: (each: CheckedFiles) => document(jsonOf(each)),
    sarif: (each: CheckedFiles) => document(sarifOf(each)),
    github: githubOf,
  }[format](checked);
}

/** Of lines that can be read. */
export function document(value: unknown): string {
  const lines = JSON.stringify(value, null, 2).split('\n');
  return lines.map((line) => `${escapeJson(line)}\n`).join('');
}

function textOf({ files, remarks }: CheckedFiles): string {
  const lines = remarks.map(
    ({ at, level, message }) =>
      `${escapeText(positionText(at))}: ${level}: ${escapeText(message)}\n`,
  );
  return `${lines.join('')}${escapeText(summaryOf({ files, remarks }))}\n`;
}

function summaryOf({ files, remarks }: CheckedFiles): string {
  if (files.length === 0) return 'no configuration file';
  const of = files.length === 1 ? `${files[0]}` : amount(files.length, 'file');
  const { errors, warnings } = countsOf(remarks);
  const found = [
    ...(errors === 0 ? [] : [amount(errors, 'error')]),
    ...(warnings === 0 ? [] : [amount(warnings, 'warning')]),
  ];
  return `${of}: ${found.length === 0 ? 'nothing found' : found.join(' and ')}`;
}

export function countsOf(remarks: readonly Remark[]) {
  const errors = remarks.filter(({ level }) => level === 'error').length;
  return { errors, warnings: remarks.length - errors };
}

/** Line and column are null where a value is not of a file. */
function placeOf({ at }: Remark) {
  return 'name' in at
    ? { file: null, line: null, column: null, origin: at.name }
    : { file: at.file, line: at.line, column: at.column, origin: null };
}

function jsonOf({ files, remarks }: CheckedFiles) {
  return {
    type: 'hullcheck-config-check',
    version: '1',
    files,
    ...countsOf(remarks),
    remarks: remarks.map((remark) => ({
      ...placeOf(remark),
      level: remark.level,
      id: remark.id,
      message: remark.message,
    })),
  };
}

function sarifOf({ remarks }: CheckedFiles): Log {
  const ids = [...new Set(remarks.map(({ id }) => id))].toSorted();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'hullcheck config',
            version,
            rules: ids.map((id) => ({ id, shortDescription: { text: descriptions[id] ?? id } })),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: remarks.map((remark) => resultOf(remark, ids)),
      },
    ],
  };
}

function resultOf(remark: Remark, ids: readonly string[]): Result {
  const { file, line, column, origin } = placeOf(remark);
  const text = `${origin === null ? '' : `${origin}: `}${remark.message}${/[.?]$/.test(remark.message) ? '' : '.'}`;
  const region = { startLine: line ?? 1, startColumn: column ?? 1 };
  return {
    ruleId: remark.id,
    ruleIndex: ids.indexOf(remark.id),
    level: remark.level,
    // Brackets would be links.
    message: { text: escapeText(text).replace(/[[\]]/g, '\\$&') },
    locations:
      file === null
        ? []
        : [
            {
              physicalLocation: {
                artifactLocation: { uri: file.split('/').map(encodeURIComponent).join('/') },
                region,
              },
            },
          ],
  };
}

const descriptions: Readonly<Record<string, string>> = {
  'beyond-limit': 'A waiver is beyond the limits of a configuration',
  comment: 'A text is cut off by a comment',
  duplicate: 'An entry stands there twice',
  empty: 'The file contains no settings',
  everything: 'Every file is left out',
  expired: 'A waiver has ended',
  future: 'A date is in the future',
  'hidden-names': 'A glob is for names that begin with a dot',
  'gives-way': 'A setting has no effect under the policy of the job',
  hidden: 'A text has characters that cannot be seen',
  'matches-nothing': 'A selector can match nothing',
  missing: 'A file that is named is not there',
  mistake: 'The configuration is not valid',
  never: 'A waiver ends before it begins',
  'no-effect': 'A setting has no effect',
  'no-end': 'The end of a waiver is too far away',
  'no-reason': 'A rule is off without a reason',
  'no-selector': 'An entry is for every file',
  placeholder: 'A text is to be written yet',
  unmatched: 'An entry selects nothing in the reports',
};

function githubOf(checked: CheckedFiles): string {
  const shown = { error: 0, warning: 0 };
  const lines = checked.remarks.flatMap((remark) => {
    shown[remark.level] += 1;
    if (shown[remark.level] > mostAnnotations) return [];
    const { file, line, column, origin } = placeOf(remark);
    const place = file === null ? null : { file, line, column };
    const text = `${origin === null ? '' : `${origin}: `}${remark.message}`;
    return [
      workflowCommand(remark.level, { title: `hullcheck: ${remark.id}`, place, lines: [text] }),
    ];
  });
  const summary = { title: 'hullcheck', lines: [summaryOf(checked)] };
  return `${lines.join('')}${workflowCommand('notice', summary)}`;
}
