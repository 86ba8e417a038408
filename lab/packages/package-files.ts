import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { DamagedInput } from '../../src/base/errors.ts';
import { normalisePath } from '../../src/base/normalise-path.ts';
import type { Problem } from '../../src/base/problem.ts';
import { decodeName } from '../../src/base/text.ts';
import type { Target } from '../../src/sources/source.ts';

/** sha256 by path. */
export type Contents = ReadonlyMap<string, string>;

/** Which files count: a check of the first bytes alone, or none. */
export type Counts = 'ELF files' | 'all files';

export function differing(found: Contents, expected: Contents): string[] {
  const paths = new Set([...found.keys(), ...expected.keys()]);
  return [...paths].filter((path) => found.get(path) !== expected.get(path));
}

/** Of one name the last entry counts, as for a tool that unpacks. Problems are among them, notices are not. */
export async function contentsOf({ layers, problems }: Target, counts: Counts): Promise<Contents> {
  const found = new Map<string, string>();
  try {
    await addContents(layers, counts, found);
  } catch (error) {
    if (!(error instanceof DamagedInput)) throw error;
    found.set(error.message, 'damage');
  }
  for (const problem of problems) note(problem, found);
  return found;
}

async function addContents(
  layers: Target['layers'],
  counts: Counts,
  found: Map<string, string>,
): Promise<void> {
  for (const layer of layers) {
    for await (const entry of layer.entries((problem) => note(problem, found))) {
      const path = normalisePath(entry.path) ?? '';
      const sum =
        entry.type === 'hardlink'
          ? (found.get(normalisePath(entry.linkTarget) ?? '') ?? null)
          : entry.type === 'file'
            ? await sumOf(entry.body(), counts)
            : null;
      if (sum === null) found.delete(path);
      else found.set(path, sum);
    }
  }
}

function note({ kind, message }: Problem, found: Map<string, string>): void {
  if (kind !== 'notice') found.set(message, kind);
}

async function sumOf(body: AsyncIterable<Buffer>, counts: Counts): Promise<string | null> {
  const parts: Buffer[] = [];
  for await (const piece of body) parts.push(piece);
  return digestOf(Buffer.concat(parts), counts);
}

function digestOf(bytes: Buffer, counts: Counts): string | null {
  if (counts === 'ELF files' && bytes.toString('latin1', 0, 4) !== '\x7fELF') return null;
  return createHash('sha256').update(bytes).digest('hex');
}

/** Of a folder, links not followed. */
export function contentsBelow(folder: string, counts: Counts): Contents {
  const found = new Map<string, string>();
  const waiting: Buffer[] = [Buffer.alloc(0)];
  for (let inner = waiting.pop(); inner !== undefined; inner = waiting.pop()) {
    for (const name of readdirSync(Buffer.concat([Buffer.from(folder), inner]), 'buffer')) {
      const path = Buffer.concat([inner, Buffer.from('/'), name]);
      const place = Buffer.concat([Buffer.from(folder), path]);
      const stats = lstatSync(place);
      if (stats.isDirectory()) waiting.push(path);
      const digest = stats.isFile() ? digestOf(readFileSync(place), counts) : null;
      if (digest !== null) found.set(decodeName(path), digest);
    }
  }
  return found;
}
