import {
  continuesVersion,
  isHash,
  isOfMachine,
  runtimeIn,
  startsVersion,
} from './changing-words.ts';
import { splitNumber, wordsOf } from './name-words.ts';
import { steadyPythonName } from './python-name.ts';

/** A name without what the next release changes in it. */
export interface LastingName {
  /** `#`: nothing else was in it. */
  readonly key: string;
  /** The parts of the versions that are left out, in order: `3`, `11`. */
  readonly version: readonly string[];
  readonly hashes: readonly string[];
  /** The key with `#` where versions stood: `libx.so#` of `libx.so.1.2`, `libx#.so` of `libx-1.2.so`. */
  readonly form: string;
}

/**
 * Of one file or folder: `libz.so` of `libz.so.1.3.1`, `libavif.so` of `libavif-8a7f30c1.so.16`, `app` of `app-1.0`. Words of
 * a machine stay: `linux-x64`, `x86-64-v3`. Names of Python's packages are written in one way: `pillow.libs` of `Pillow.libs`.
 */
export function lastingName(name: string): LastingName {
  const { words, after } = wordsOf(steadyPythonName(name));
  const [version, hashes]: [string[], string[]] = [[], []];
  let key = '';
  let form = '';
  let isInVersion = false;
  for (const [at, word] of words.entries()) {
    const { before, text } = word;
    const isWhole = words.length === 1;
    if (!isOfMachine(words, at)) {
      if (isHash(words, at)) {
        hashes.push(text);
        key += kept(before);
        form += kept(before);
        continue;
      }
      if (isInVersion ? continuesVersion(word) : startsVersion(word, at === 0 && !isWhole)) {
        version.push(text);
        key += kept(before);
        form += isInVersion ? '' : `${kept(before)}#`;
        isInVersion = true;
        continue;
      }
    }
    const runtime = runtimeIn(word, words[at + 1]);
    isInVersion = runtime !== null;
    if (runtime !== null) version.push(splitNumber(text)[1]);
    const own = `${key === '' && at > 0 ? startOf(before) : before}${runtime ?? text}`;
    key += own;
    form += runtime === null ? own : `${own}#`;
  }
  const nothing = words.length === 0 ? '' : '#';
  return { key: `${key || nothing}${after}`, version, hashes, form };
}

/** The pluses of `g++-12` are of the name. */
function kept(before: string): string {
  return before.startsWith('++') ? '++' : '';
}

/** Where a version or a hash began the name: `#.node`, but `amd64` of `6.1.0-amd64`. */
function startOf(before: string): string {
  return before === '.' ? '#.' : '';
}
