// The report, decoded from the page's data block. The encoding is described in payload.ts.
/** @import { PageReport, PageVerdict, Row } from '../page-types.ts' */
/** @import { Payload, PayloadHead, PayloadRow, PayloadVerdict } from '../payload.ts' */
/** @import { Severity } from '../../../base/verdict.ts' */
/**
 * @typedef {Omit<Row, 'weight'>} DecodedRow
 * @typedef {{ readonly state: PageVerdict['state'], readonly severity: string }} Shown
 */

import { amount } from './text.js';

/** What a cell shows, by the state of its verdict. A failure shows its severity instead. */
export const glyphs = {
  fail: '✕',
  unknown: '?',
  pass: '✓',
  'not-applicable': '·',
  waived: 'w',
  baselined: 'b',
};

export const stateNames = {
  fail: 'fail',
  unknown: 'unknown',
  pass: 'pass',
  'not-applicable': 'not applicable',
  waived: 'waived',
  baselined: 'known before',
};

/** As verdicts are listed: what to act on first. */
export const stateOrder = ['fail', 'unknown', 'waived', 'baselined', 'pass', 'not-applicable'];

/** Binaries become rows, and so does an image as a whole; a row's verdicts are in the order of the rules, null where a rule was not asked. */
/** @type {(json: string) => PageReport} */
export function readReport(json) {
  /** @type {Payload} */
  const { head, rules, targets, binaries, verdicts, strings } = JSON.parse(json);
  const decoded = verdicts.map((tuple) => decodeVerdict(tuple, head));
  const rows = binaries.map((fields, index) => {
    const row = decodeBinary(fields, index, decoded, strings);
    return { ...row, weight: weightOf(row, head.severities) };
  });
  return { ...head, rules, targets, rows, strings };
}

/** @type {(tuple: PayloadVerdict, head: PayloadHead) => PageVerdict} */
function decodeVerdict([state, severity, message, evidence, why], { states, severities }) {
  return {
    state: states[state] ?? 'unknown',
    severity: severities[severity] ?? 'note',
    message,
    evidence,
    why: why ?? null,
  };
}

/** @type {(fields: PayloadRow, index: number, verdicts: readonly PageVerdict[], strings: readonly string[]) => DecodedRow} */
function decodeBinary(fields, index, verdicts, strings) {
  const [target, own, aliases, sha256, size, mode, uid, gid, layer, about, cells] = fields;
  /** The image as a whole is called by what it starts, which may be one of its binaries. */
  const path = sha256 === null ? `start of the image: ${own}` : own;
  const [kind = null, machine = null, languages = null, owner = null, reach = null, whose = null] =
    about.map((number) => strings[number] ?? null);
  return {
    index,
    target,
    path,
    aliases,
    sha256,
    size,
    mode,
    uid,
    gid,
    layer,
    kind,
    machine,
    languages,
    owner,
    reach,
    whose,
    cells: cells.map((number) => verdicts[number] ?? null),
    /** What the search looks in. */
    haystack: [path, ...aliases, kind, machine, languages, owner, reach, sha256]
      .join('\n')
      .toLowerCase(),
  };
}

/** How many binaries these rows are, and images as a whole. */
/** @type {(rows: readonly Row[]) => string} */
export function amountOfRows(rows) {
  const images = rows.filter(({ sha256 }) => sha256 === null).length;
  const binaries = amount(rows.length - images, 'binary', 'binaries');
  if (images === 0) return binaries;
  return `${binaries} and ${images === 1 ? 'the image' : amount(images, 'image')}`;
}

/** Findings by severity, most severe first, so that rows compare from left to right. */
/** @type {(row: DecodedRow, severities: readonly Severity[]) => readonly number[]} */
function weightOf({ cells }, severities) {
  const counts = severities.map(() => 0);
  for (const verdict of cells) {
    if (verdict?.state !== 'fail') continue;
    const at = severities.indexOf(verdict.severity);
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return counts;
}

/** The letter of a cell: a failure shows its severity, so that colour is never the only sign. */
/** @type {(verdict: Shown) => string} */
export function glyphOf({ state, severity }) {
  return state === 'fail' ? severity.slice(0, 1).toUpperCase() : glyphs[state];
}

/** The class of a cell. */
/** @type {(verdict: Shown) => string} */
export function lookOf({ state, severity }) {
  return state === 'fail' ? `is-fail is-${severity}` : `is-${state}`;
}
