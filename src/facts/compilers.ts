import { factExtractor } from './fact-extractor.ts';

/** A tool that took part in the build, as `.comment` names it. */
export interface Compiler {
  readonly name: 'gcc' | 'clang' | 'rustc' | 'ghc' | 'ldc' | 'lld' | 'mold' | 'other';
  /** `13.2.1`; null where the text has none. */
  readonly version: string | null;
  /** Who packaged the compiler: `Debian 12.2.0-14`, `Alpine 13.2.1_git20240309`. */
  readonly distribution: string | null;
  /** The whole entry. */
  readonly text: string;
}

const forms: readonly { readonly name: Compiler['name']; readonly pattern: RegExp }[] = [
  { name: 'gcc', pattern: /^GCC: \((?<distribution>[^)]*)\) (?<version>\d[\w.]*)/ },
  { name: 'clang', pattern: /^(?:(?<distribution>\S[^(]*?) )?clang version (?<version>\d[\w.]*)/ },
  { name: 'rustc', pattern: /^rustc version (?<version>\d[\w.-]*)/ },
  { name: 'ghc', pattern: /^GHC (?<version>\d[\w.]*)/ },
  { name: 'ldc', pattern: /^ldc version (?<version>\d[\w.]*)/ },
  { name: 'lld', pattern: /^Linker: (?:(?<distribution>\S.*?) )?LLD (?<version>\d[\w.]*)/ },
  { name: 'mold', pattern: /^mold (?<version>\d[\w.]*)/ },
];

/**
 * In the order of `.comment`, which survives `strip` unless it is removed by name (as Debian's dh_strip does). The
 * section gathers the entries of every object, those of crt1.o and of static libraries too: `GCC: (Debian ...)` alone
 * does not prove that gcc compiled the program.
 */
export default factExtractor('headers', (elf): readonly Compiler[] => elf.comments.map(parse));

function parse(text: string): Compiler {
  for (const { name, pattern } of forms) {
    const groups = pattern.exec(text)?.groups;
    if (groups === undefined) continue;
    // gcc writes `GNU` where no packager set a name.
    const packager = groups['distribution'] === 'GNU' ? undefined : groups['distribution'];
    return { name, version: groups['version'] ?? null, distribution: packager || null, text };
  }
  return { name: 'other', version: null, distribution: null, text };
}
