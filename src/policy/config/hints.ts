import { nearest } from '../../base/nearest.ts';
import type { ConfigNode } from './config-node.ts';
import { lockableSettings } from './lockable.ts';

/** What a value was perhaps meant to be, as the end of a sentence; '' where nothing is known. */

/** YAML reads `1.20` as a number, and `true` as a truth. */
export function hintOfQuotes(node: ConfigNode, expected: string): string {
  if (expected.startsWith('a date')) return '';
  if (expected.startsWith('a number of days'))
    return node.kind === 'scalar' && typeof node.value === 'number' && Number.isInteger(node.value)
      ? `: write ${node.value}d`
      : '';
  if (node.kind === 'scalar' && (typeof node.value === 'number' || typeof node.value === 'boolean'))
    return `: put it in quotes, "${node.source ?? node.value}"`;
  if (node.kind === 'map') return ': a text that begins with { or contains ": " needs quotes';
  if (node.kind === 'list') return ': a text that begins with [ or - needs quotes';
  return '';
}

export function hintOfNumber(node: ConfigNode): string {
  const text = textOf(node);
  const number = /^\s*(\d+(?:[.,]\d+)?)\s*%?\s*$/.exec(text)?.[1];
  if (number !== undefined)
    return `: write ${number.replace(',', '.')} without quotes, sign or comma`;
  return /^\d+(?:[_ ]\d+)+$/.test(text) ? `: write ${text.replace(/[_ ]/g, '')}` : '';
}

export function hintOfTruth(node: ConfigNode): string {
  const value = node.kind === 'scalar' ? node.value : null;
  const text = String(value).toLowerCase();
  if (/^(?:yes|y|on|1|true)$/.test(text)) return ': write true';
  return /^(?:no|n|off|0|false)$/.test(text) ? ': write false' : '';
}

export function hintOfGroup(node: ConfigNode, expected: string): string {
  const isList = expected.startsWith('a list');
  if (isList && node.kind === 'map') return ': write a dash in front of it';
  if (isList && node.kind === 'scalar') return ': write [ and ] around it, or a dash in front';
  if (!isList && node.kind === 'list') return ': write them without dashes';
  if (/^[\w-]+:[^\s/]/.test(textOf(node))) return ': write a space after the colon';
  return /^[\w-]+\s*=/.test(textOf(node)) ? ': write a colon and a space in place of =' : '';
}

export function lookUp(what: string): string {
  if (/rule/.test(what)) return ' (hullcheck rules lists the rules)';
  return /profile/.test(what) ? ' (hullcheck profiles lists them)' : '';
}

/** The word of the list that was perhaps meant: the nearest, the only one that contains it, or what others call it. */
export function suggestionFor(node: ConfigNode, words: readonly string[]): string | null {
  if (node.kind === 'scalar' && typeof node.value === 'boolean') {
    const meant = node.value ? 'all' : 'off';
    return words.includes(meant) ? meant : null;
  }
  const text = textOf(node).trim().toLowerCase();
  if (text === '') return null;
  const near = calledElsewhere(text, words) ?? nearest(text, words);
  if (near !== null) return near;
  // `ubuntu-22.04`, `alpine:3.20`.
  const unversioned = text.replace(/[-:@ ]?v?\d[\w.]*$/, '');
  if (words.includes(unversioned)) return unversioned;
  const [inGroup, another] = words.filter((word) => word.endsWith(`.${text}`));
  if (inGroup !== undefined && another === undefined) return inGroup;
  const containing = text.length < 4 ? [] : words.filter((word) => word.includes(text));
  const [only, second] = containing;
  return only !== undefined && second === undefined ? only : null;
}

/** The setting that a name which is not one here perhaps means: the nearest, what others call it, or the one in a group that is here. */
export function settingFor(name: string, names: readonly string[]): string | null {
  const near = calledElsewhere(name.toLowerCase(), names) ?? nearest(name, names);
  if (near !== null) return near;
  const inGroup = lockableSettings([]).filter((each) => each.endsWith(`.${name}`));
  const [only, second] = inGroup.filter((each) => names.includes(each.split('.', 1)[0] ?? ''));
  return only !== undefined && second === undefined ? only : null;
}

function calledElsewhere(text: string, words: readonly string[]): string | null {
  const others = Object.hasOwn(elsewhere, text) ? [elsewhere[text] ?? []].flat() : [];
  return others.find((other) => words.includes(other)) ?? null;
}

/** What linters, checkers, other configurations of the field and other parts of this one call the same; of several the first that is a word here. */
const elsewhere: Readonly<Record<string, string | readonly string[]>> = {
  aslr: 'pie',
  cfi: 'control-flow-protection',
  ibt: 'control-flow-protection',
  shstk: 'control-flow-protection',
  nx: 'non-executable-stack',
  execstack: 'non-executable-stack',
  canary: 'stack-protector',
  ssp: 'stack-protector',
  rpath: 'safe-run-path',
  runpath: 'safe-run-path',
  cet: 'control-flow-protection',
  bti: 'control-flow-protection',
  textrel: 'no-text-relocations',
  info: 'note',
  ignore: ['off', 'exclude'],
  none: 'off',
  off: 'none',
  include: 'extends',
  includes: 'extends',
  lock: 'locked',
  locks: 'locked',
  inherits: 'extends',
  strict: 'strict-policy',
  name: ['names', 'image', 'package'],
  '*': 'all',
  disabled: 'off',
  error: 'high',
  warning: 'medium',
  warn: 'medium',
  moderate: 'medium',
  important: 'high',
  any: 'all',
  path: 'file',
  own: 'yours',
  mine: 'yours',
  ours: 'yours',
  rhel: 'fedora',
  centos: 'fedora',
  rocky: 'fedora',
  bookworm: 'debian',
  trixie: 'debian',
  jammy: 'ubuntu',
  noble: 'ubuntu',
  sha256: 'digest',
  until: 'expires',
  end: 'expires',
  approver: 'approved-by',
  approved: 'approved-by',
  because: 'reason',
  comment: 'reason',
  justification: 'reason',
  severity: 'level',
  threshold: 'fail-on',
};

function textOf(node: ConfigNode): string {
  return node.kind === 'scalar' && typeof node.value === 'string' ? node.value : '';
}
