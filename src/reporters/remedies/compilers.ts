import { type CFlags, cFlagsFor } from './c-flags.ts';
import { factAt, languagesOf } from './fact-at.ts';
import { command, exported, type Fix, type Located } from './fix.ts';
import type { Protection } from './needs.ts';

/** Variables that make, CMake, Meson, autotools, npm and pip pass on. */
export function forC(wanted: ReadonlySet<Protection>, file: Located): Fix | null {
  return forLanguages([languagesOf(file)], wanted, file);
}

/** Of files that one command builds, each in languages of its own. */
export function forLanguages(
  files: readonly (readonly string[])[],
  wanted: ReadonlySet<Protection>,
  file: Located,
): Fix | null {
  const { compile, link } = cFlagsFor(wanted, file);
  if (compile.length + link.length === 0) return null;
  const used = new Set(files.map(variableOf));
  const names = variables.filter((name) => used.has(name));
  const flags = Object.fromEntries(names.map((name) => [name, compile]));
  return command(exported({ ...flags, LDFLAGS: link }));
}

const variables = ['CFLAGS', 'CXXFLAGS', 'FFLAGS'] as const;

function variableOf(languages: readonly string[]): (typeof variables)[number] {
  if (languages.includes('c++')) return 'CXXFLAGS';
  return languages.includes('fortran') ? 'FFLAGS' : 'CFLAGS';
}

/** Flags of Rust's own code, and those of C that build scripts compile. */
export function forRust(wanted: ReadonlySet<Protection>, file: Located): Fix | null {
  const { compile, link } = cFlagsFor(wanted, file);
  const rust = [
    ...(wanted.has('pie') ? ['-C relocation-model=pie'] : []),
    // The compiler passes -pie itself.
    ...link.filter((flag) => !/^-(static-)?pie$/.test(flag)).map((flag) => `-C link-arg=${flag}`),
  ];
  const c = compile.length > 0 && isOfC(wanted) ? compile : [];
  return rust.length + c.length === 0
    ? null
    : command(exported({ RUSTFLAGS: rust, CFLAGS: c.filter((flag) => flag !== '-fPIE') }));
}

function isOfC(wanted: ReadonlySet<Protection>): boolean {
  return (['stack-protector', 'fortify-source', 'stack-clash-protection'] as const).some((each) =>
    wanted.has(each),
  );
}

/** -bindnow is of Go 1.23; before it the system's linker is asked, as it is for a program without a loader. */
export function forGo(wanted: ReadonlySet<Protection>, file: Located): Fix | null {
  const flags = cFlagsFor(wanted, file);
  const c: CFlags = { ...flags, compile: isOfC(wanted) ? flags.compile : [] };
  const cgo = c.compile.length === 0 ? '' : `${exported({ CGO_CFLAGS: c.compile })} && `;
  const isPie = wanted.has('pie');
  const asksLinker = ['relro', 'bind-now', 'non-executable-stack', 'separate-code'] as const;
  if (!isPie && !asksLinker.some((each) => wanted.has(each)))
    return cgo === '' ? null : command(cgo.replace(/ && $/, ''));
  if (factAt(file, 'linking.how') === 'static') return forGoAnywhere(wanted, file);
  const isOld = goMinor(factAt(file, 'go.version')) < 23;
  const others = c.link.filter((flag) => flag.startsWith('-Wl')).join(' ');
  const plain = new Set<Protection>(['pie', 'relro', 'bind-now']);
  const isPlain = [...wanted].every((each) => plain.has(each) || isOfC(new Set([each])));
  if (isPlain && !isOld)
    return command(`${cgo}export GOFLAGS="$GOFLAGS -buildmode=pie -ldflags=-bindnow"`);
  return command(
    `${cgo}export GOFLAGS="$GOFLAGS -buildmode=pie '-ldflags=-linkmode=external -extldflags=${others || '-Wl,-z,relro,-z,now'}'"`,
  );
}

/**
 * A static program at a random address, which starts in every root: -buildmode=pie alone requires the loader of the
 * system it is built on.
 */
export function forGoAnywhere(wanted: ReadonlySet<Protection>, file: Located): Fix {
  const compile = isOfC(wanted) ? cFlagsFor(wanted, file).compile : [];
  const cgo = compile.length === 0 ? '' : `${exported({ CGO_CFLAGS: compile })} && `;
  return command(
    `${cgo}export CGO_ENABLED=1 GOFLAGS="$GOFLAGS -tags=netgo,osusergo -buildmode=pie '-ldflags=-linkmode=external \\"-extldflags=-static-pie -Wl,-z,relro,-z,now\\"'"`,
  );
}

function goMinor(version: unknown): number {
  return Number(/^go1\.(\d+)/.exec(String(version))?.[1] ?? '99');
}

/** `zig cc` takes the flags of clang. */
export function forZig(wanted: ReadonlySet<Protection>, file: Located): Fix | null {
  const { compile, link } = cFlagsFor(wanted, file);
  const flags = [...compile, ...link];
  if (flags.length === 0) return null;
  const only = [...wanted].every((each) => each === 'pie' || each === 'relro');
  return command(
    only ? 'zig build-exe -fPIE -z relro -z now' : `export CC="zig cc ${flags.join(' ')}"`,
  );
}
