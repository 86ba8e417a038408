import { factAt } from './fact-at.ts';
import type { Located } from './fix.ts';
import type { Protection } from './needs.ts';

/** Flags of gcc and clang, which clang shares but for what is said of each. */
export interface CFlags {
  readonly compile: readonly string[];
  readonly link: readonly string[];
}

/** Joined: one flag for the linker has all options of the linker. */
export function cFlagsFor(wanted: ReadonlySet<Protection>, file: Located): CFlags {
  const isLibrary = String(factAt(file, 'kind.kind')).includes('library');
  const isStatic = factAt(file, 'linking.how') === 'static';
  const machine = String(factAt(file, 'machine.name'));
  const compile = new Set<string>();
  const link = new Set<string>();
  const keywords = new Set<string>();
  if (wanted.has('pie') || (wanted.has('no-text-relocations') && !isLibrary)) {
    compile.add('-fPIE');
    link.add(isStatic ? '-static-pie' : '-pie');
  }
  if (wanted.has('no-text-relocations') && isLibrary) compile.add('-fPIC');
  if (wanted.has('stack-protector')) compile.add('-fstack-protector-strong');
  if (wanted.has('stack-clash-protection')) compile.add('-fstack-clash-protection');
  if (wanted.has('control-flow-protection'))
    compile.add(machine === 'aarch64' ? '-mbranch-protection=standard' : '-fcf-protection=full');
  if (wanted.has('no-instrumentation')) compile.add('-fno-sanitize=all');
  if (wanted.has('fortify-source')) {
    compile.add('-U_FORTIFY_SOURCE');
    compile.add(`-D_FORTIFY_SOURCE=${fortifyLevel(file)}`);
  }
  // As good as no record of it: any flag in CFLAGS may replace the -O2 that a build has by itself.
  const optimised = compile.size === 0 ? [] : ['-O2'];
  if (wanted.has('relro')) keywords.add('relro').add('now');
  if (wanted.has('bind-now')) keywords.add('now');
  if (wanted.has('non-executable-stack')) keywords.add('noexecstack');
  if (wanted.has('no-writable-code')) keywords.add('noexecstack');
  if (wanted.has('separate-code')) keywords.add('separate-code');
  if (keywords.size > 0)
    link.add(`-Wl,${[...keywords].map((keyword) => `-z,${keyword}`).join(',')}`);
  if (wanted.has('no-writable-code')) link.add('-Wl,--no-omagic');
  if (wanted.has('build-id')) link.add('-Wl,--build-id=sha1');
  return { compile: [...optimised, ...compile], link: [...link] };
}

/** Level 3 came with gcc 12 and clang 9; an older gcc says only that it does not know it. */
function fortifyLevel(file: Located): 2 | 3 {
  const compilers = factAt(file, 'compilers');
  const versions = Array.isArray(compilers)
    ? compilers.flatMap((each: { readonly name?: unknown; readonly version?: unknown }) =>
        each.name === 'gcc' ? [Number.parseInt(String(each.version), 10)] : [],
      )
    : [];
  return versions.length > 0 && Math.max(...versions) < 12 ? 2 : 3;
}
