import type { Outcome } from '../../src/base/verdict.ts';
import type { ReadelfView } from './readelf-view.ts';

/**
 * What the layout rules should say of a file, derived from readelf's text alone and written apart from the rules:
 * nothing of the project's reader, facts or rules is used. null: readelf does not show enough.
 */
export const expectedVerdicts: Readonly<Record<string, (view: ReadelfView) => Outcome | null>> = {
  pie: (view) => (isUnlinked(view) ? 'not-applicable' : expectedPie(view)),
  relro: (view) => (isUnlinked(view) ? 'not-applicable' : expectedRelro(view)),
  'bind-now': (view) => (isUnlinked(view) ? 'not-applicable' : expectedBindNow(view)),
  'non-executable-stack': expectedStack,
};

function expectedPie(view: ReadelfView): Outcome {
  if (view.type === 'EXEC') return 'fail';
  if (hasFlag(view, 'FLAGS_1', 'PIE')) return 'pass';
  if (has(view, 'SONAME')) return 'not-applicable';
  const isProgram = view.interpreter !== null || has(view, 'DEBUG');
  const isBare = view.dynamic.length === 0;
  return (isProgram || isBare) && view.entry !== 0n ? 'pass' : 'not-applicable';
}

const pageSize = 4096n;

function expectedRelro(view: ReadelfView): Outcome | null {
  if (view.machine.startsWith('MIPS')) return 'not-applicable';
  const range = view.segments.filter(({ type }) => type === 'GNU_RELRO').at(-1);
  if (range === undefined || range.memorySize === 0n) {
    return view.relocations > 0 ? 'fail' : expectedWithoutWrites(view);
  }
  // readelf lists relocations by section headers.
  if (view.sections.length === 0) return null;
  const end = ((range.address + range.memorySize) / pageSize) * pageSize;
  return view.slots.every(({ offset }) => offset >= range.address && offset < end)
    ? 'pass'
    : 'fail';
}

/** Without a relocation RELRO is for tables of functions alone, which a libc's start files bring. */
function expectedWithoutWrites(view: ReadelfView): Outcome | null {
  const isStatic = view.interpreter === null && !has(view, 'NEEDED');
  if (isStatic && view.sections.some(({ name }) => name === '.gopclntab')) return 'not-applicable';
  if (view.dynamic.length > 0) {
    const tables = ['INIT_ARRAY', 'FINI_ARRAY', 'PREINIT_ARRAY'];
    return tables.some((tag) => has(view, tag)) ? 'fail' : 'not-applicable';
  }
  if (view.sections.length === 0) return null;
  const tables = /^\.(preinit_array|init_array|fini_array|ctors|dtors|data\.rel\.ro|got)(\.|$)/;
  return view.sections.some(({ name }) => tables.test(name)) ? 'fail' : 'not-applicable';
}

function expectedBindNow(view: ReadelfView): Outcome | null {
  const requested =
    has(view, 'BIND_NOW') || hasFlag(view, 'FLAGS', 'BIND_NOW') || hasFlag(view, 'FLAGS_1', 'NOW');
  if (requested) return 'pass';
  // MIPS marks its stubs for lazy binding in the symbol table only.
  if (view.machine.startsWith('MIPS') || view.sections.length === 0) return null;
  const lazy = view.slots.filter(
    ({ table, type }) => table.endsWith('.plt') && /JU?MP_SLO/.test(type),
  );
  if (lazy.length === 0 || !has(view, 'JMPREL')) return 'not-applicable';
  return libcOf(view) === 'musl' ? 'not-applicable' : 'fail';
}

function expectedStack(view: ReadelfView): Outcome | null {
  if (view.type === 'REL') return expectedObjectStack(view);
  if (isUnlinked(view)) return 'not-applicable';
  const mark = view.segments.filter(({ type }) => type === 'GNU_STACK').at(-1);
  if (mark !== undefined) return mark.flags.includes('E') ? 'fail' : 'pass';
  const isLibrary =
    view.type === 'DYN' && view.interpreter === null && !hasFlag(view, 'FLAGS_1', 'PIE');
  if (isLibrary && libcOf(view) === 'musl') return 'pass';
  if (/RISC-V|LoongArch|PowerPC64/.test(view.machine)) return 'pass';
  if (/S\/390|AArch64/.test(view.machine)) return null;
  return isLibrary && libcOf(view) === null ? null : 'fail';
}

function expectedObjectStack(view: ReadelfView): Outcome | null {
  if (isKernelModule(view)) return 'not-applicable';
  if (!view.sections.some(({ flags, size }) => flags.includes('A') && size > 0n))
    return 'not-applicable';
  const mark = view.sections.find(({ name }) => name === '.note.GNU-stack');
  if (mark !== undefined) return mark.flags.includes('X') ? 'fail' : 'pass';
  if (/RISC-V|LoongArch|PowerPC64|AArch64/.test(view.machine)) return 'not-applicable';
  return /80386|X86-64|ARM$|PowerPC$|MIPS|Sparc|S\/390/.test(view.machine) ? 'fail' : null;
}

/** Object files, modules, cores, and debug information without the program's bytes. */
function isUnlinked(view: ReadelfView): boolean {
  if (view.type !== 'EXEC' && view.type !== 'DYN') return true;
  const code = view.sections.filter(({ flags }) => flags.includes('A') && flags.includes('X'));
  return code.length > 0 && code.every(({ type }) => type === 'NOBITS');
}

function isKernelModule({ sections }: ReadelfView): boolean {
  return sections.some(({ name }) => name === '.modinfo' || name === '.gnu.linkonce.this_mo');
}

function libcOf(view: ReadelfView): 'musl' | 'other' | null {
  const named = /\[(.*)\]/;
  const names = view.dynamic
    .filter(({ tag }) => tag === 'NEEDED' || tag === 'SONAME')
    .map(({ text }) => named.exec(text)?.[1] ?? '');
  const interpreter = view.interpreter ?? '';
  if (interpreter.includes('/ld-musl-')) return 'musl';
  if (interpreter !== '') return 'other';
  if (names.some((name) => name === 'libc.so' || name.startsWith('libc.musl-'))) return 'musl';
  return names.some((name) => /^lib(c|m)\.so\.6|^ld-linux/.test(name)) ? 'other' : null;
}

function has(view: ReadelfView, name: string): boolean {
  return view.dynamic.some(({ tag }) => tag === name);
}

function hasFlag(view: ReadelfView, name: string, flag: string): boolean {
  return view.dynamic.some(({ tag, text }) => tag === name && text.split(/[\s:]+/).includes(flag));
}
