import { isNumber, splitNumber, type Word } from './name-words.ts';

/** What stands behind the numbers of a version, alone or with a number: `1.0-rc1`, `2.31-13+deb11u5`, `1.2.3.dev0`. */
const qualifiers: ReadonlySet<string> = new Set(
  'alpha beta rc pre preview dev post final release ga snapshot nightly git svn bzr hg dfsg ds repack really bpo build rev patch'.split(
    ' ',
  ),
);

/** They count only with a number: `9.2p1`, `1.36.1-r2`, `el9`, `py311`. */
const numbered: ReadonlySet<string> = new Set('a b c p r t u el fc py cp pp deb ubuntu'.split(' '));

/** Runtimes whose number stands at their name, without a separator: `python3`, `cp311`, `php83`. */
const runtimes: ReadonlySet<string> = new Set(
  'cp pp py pypy graalpy abi python perl ruby lua luajit php node nodejs llvm clang lldb lld gcc jdk jre java openjdk tcl tk postgresql manylinux'.split(
    ' ',
  ),
);

/** `sse4.2` is a machine's, and `x86.64` too. */
const notVersioned: ReadonlySet<string> = new Set('x i sse avx armv so'.split(' '));

/** What 64 and 32 belong to behind a separator: `x86-64`, `x86_64`, `linux-64`, `aarch_64`. */
const widths: ReadonlySet<string> = new Set(
  'x86 aarch arm ppc ppcle powerpc s390 riscv loongarch mips mipsel sparc ia linux win windows osx darwin macos bit lib'.split(
    ' ',
  ),
);

/** A word of a machine: `64` of `x86-64`, `v3` of `x86-64-v3`, `v7` of `arm-v7`. It is not a version. */
export function isOfMachine(words: readonly Word[], at: number): boolean {
  const [word, last, second] = [words[at], words[at - 1], words[at - 2]];
  if (word === undefined || last === undefined || !/^[-_]$/.test(word.before)) return false;
  const stem = last.text.toLowerCase();
  if (word.text === '64' || word.text === '32') return widths.has(stem);
  if (!/^v[2-9]$/.test(word.text)) return false;
  return /^(?:arm|arm64|amd64)$/.test(stem) || (stem === '64' && second?.text === 'x86');
}

export function startsVersion({ before, text }: Word, isFirst: boolean): boolean {
  if (isNumber(text)) return true;
  const [letters, digits] = splitNumber(text);
  if (digits === '') return false;
  if (letters === 'v' || letters === 'V') return !isFirst;
  return letters === 'r' && before.endsWith('-');
}

export function continuesVersion({ text }: Word): boolean {
  if (/^\d/.test(text)) return true;
  const [letters, digits] = splitNumber(text.toLowerCase());
  if (letters === 'v' && digits !== '') return true;
  if (qualifiers.has(letters) || (digits !== '' && numbered.has(letters))) return true;
  return /^deb\d{1,3}u$/.test(letters) || isAbbreviatedHash(text);
}

/** `g1a2b3c4` of git, `py311h64a7726` and `h64a7726` of conda, `1a2b3c4`. */
function isAbbreviatedHash(text: string): boolean {
  const [, hash] = /^(?:g|(?:py\d{1,4})?h)?([0-9a-f]{7,40})$/.exec(text) ?? [];
  return hash !== undefined && /\d/.test(hash);
}

/** The name of a runtime in front of its number, which may go on: `python` of `python3.11`. Else null. */
export function runtimeIn({ text }: Word, next: Word | undefined): string | null {
  const [letters, digits] = splitNumber(text);
  if (letters === '' || digits === '' || digits.length > 4) return null;
  const name = letters.toLowerCase();
  if (runtimes.has(name.replace(/^lib/, ''))) return letters;
  const goesOn = next?.before === '.' && isNumber(next.text);
  return goesOn && !notVersioned.has(name) ? letters : null;
}

const longHash = 26;

/** Of auditwheel, cargo, bundlers, package stores: digits and letters that say nothing. */
export function isHash(words: readonly Word[], at: number): boolean {
  const [word, next] = [words[at], words[at + 1]];
  if (word === undefined) return false;
  const { before, text } = word;
  if (text.length < 8) return isOfUuid(words, at);
  const hasDigit = /\d/.test(text);
  if (/^(?:[0-9a-f]+|[0-9A-F]+)$/.test(text)) {
    if (isNumber(text)) return false;
    if (hasDigit || text.length >= 16) return true;
    return text.length === 8 && before.endsWith('-') && next?.text === 'so';
  }
  if (/^[A-Z2-7]{8}$/.test(text)) return hasDigit && before === '-' && next?.text === 'node';
  return text.length >= longHash && /^[0-9a-z]+$/.test(text) && text.replace(/\D/g, '').length >= 4;
}

/** The short parts of `1b4e28ba-2fa1-11d3-883f-b9a761bde3fb`. */
function isOfUuid(words: readonly Word[], at: number): boolean {
  const text = words[at]?.text ?? '';
  if (text.length !== 4 || !/^[0-9a-f]{4}$/i.test(text)) return false;
  for (let first = at - 1; first >= 0 && first >= at - 3; first -= 1) {
    const { length } = words[first]?.text ?? '';
    if (length === 8) return isHash(words, first) || isNumber(words[first]?.text ?? '');
    if (length !== 4) return false;
  }
  return false;
}
