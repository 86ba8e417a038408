import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { LayerEntry } from './image.ts';

/** A package and the entries of the layer that it owns. */
export interface ApkPackage {
  readonly name: string;
  readonly version: string;
  readonly summary: string;
  readonly license: string;
  readonly depends?: string;
  readonly provides?: string;
  readonly owns: readonly LayerEntry[];
}

/** The text of /lib/apk/db/installed, as apk-tools 2 writes it: a paragraph a package, a line a field. */
export function apkDatabase(packages: readonly ApkPackage[]): string {
  return packages.map((one) => `${paragraph(one).join('\n')}\n\n`).join('');
}

function paragraph(one: ApkPackage): string[] {
  return [
    `C:${checksum(`${one.name}-${one.version}`)}`,
    `P:${one.name}`,
    `V:${one.version}`,
    'A:x86_64',
    `S:${totalSize(one)}`,
    `I:${totalSize(one)}`,
    `T:${one.summary}`,
    'U:https://example.org/',
    `L:${one.license}`,
    `o:${one.name}`,
    'm:Sample Maintainer <sample@example.org>',
    't:1725625807',
    ...(one.depends === undefined ? [] : [`D:${one.depends}`]),
    ...(one.provides === undefined ? [] : [`p:${one.provides}`]),
    ...ownedFiles(one.owns),
  ];
}

function totalSize(one: ApkPackage): number {
  return one.owns.reduce((sum, entry) => sum + (entry.type === 'file' ? entry.body.length : 0), 0);
}

/** `F:` names a folder, the `R:` lines behind it its files; `a:` is there only for modes that are not the usual one. */
function ownedFiles(owned: readonly LayerEntry[]): string[] {
  const lines: string[] = [];
  let folder: string | null = null;
  for (const entry of owned.filter(({ type }) => type !== 'directory')) {
    if (posix.dirname(entry.path) !== folder) {
      folder = posix.dirname(entry.path);
      lines.push(`F:${folder}`);
    }
    lines.push(`R:${posix.basename(entry.path)}`);
    if (entry.type === 'file') {
      if (entry.mode !== 0o644) lines.push(`a:0:0:${(entry.mode ?? 0o644).toString(8)}`);
      lines.push(`Z:${checksum(entry.body)}`);
    } else if (entry.type !== 'directory') {
      lines.push('a:0:0:777', `Z:${checksum(entry.target)}`);
    }
  }
  return lines;
}

/** apk's notation of a SHA-1: `Q1` and base64. */
function checksum(of: Buffer | string): string {
  return `Q1${createHash('sha1').update(of).digest('base64')}`;
}
