import type { Evidence } from '../../base/verdict.ts';
import type { BytePattern } from '../search/pattern-search.ts';

export type LanguageName =
  | 'ada'
  | 'c'
  | 'c++'
  | 'crystal'
  | 'd'
  | 'dart'
  | 'dotnet-aot'
  | 'dotnet-host'
  | 'fortran'
  | 'free-pascal'
  | 'gccgo'
  | 'go'
  | 'graalvm'
  | 'haskell'
  | 'nim'
  | 'objective-c'
  | 'ocaml'
  | 'rust'
  | 'swift'
  | 'zig';

/** One language or runtime whose code is in the file. */
export interface Language {
  readonly name: LanguageName;
  /** Of the compiler or runtime, if the file has it: `go1.22.3`, `1.78.0`. */
  readonly version: string | null;
  /**
   * `flags`: its code comes from gcc or clang, and their hardening options apply. `runtime`: it has checks of its own.
   * `unproven`: it would have, but there is only a mark that anybody can write. `nothing`: and that mark is not in memory, or
   * the code has no room for such a runtime, so that all of it is judged as C.
   */
  readonly hardenedBy: 'flags' | 'runtime' | 'unproven' | 'nothing';
  readonly evidence: readonly Evidence[];
}

/** Any one mark is enough. Groups named `version` are versions. */
export interface LanguageMarks {
  readonly name: LanguageName;
  readonly hardenedBy: 'flags' | 'runtime';
  /** `.comment`, as compilers leave it even in stripped files. */
  readonly comment?: RegExp;
  /** DT_NEEDED. */
  readonly needed?: RegExp;
  /** Names that only this runtime defines or imports, in `.dynsym` or `.symtab`. */
  readonly symbols?: readonly string[];
  /** How its compiler mangles names, for dynamic symbols. They begin with `_Z`. */
  readonly mangled?: RegExp;
  readonly sections?: readonly string[];
  /** Its functions unwind through a personality routine of its own. */
  readonly hasPersonality?: true;
  /** Names of its functions as its compiler writes them. */
  readonly names?: RegExp;
  /** A string constant of the runtime, for static and stripped files: its first bytes, and all of it. */
  readonly constant?: BytePattern;
  /** The same in writable memory. */
  readonly data?: BytePattern;
}

/**
 * Go is not here: it has its own record (go.ts). A string must not be one that other programs print, quote or parse;
 * `druntime`, say, is also in libraries written in Rust.
 */
export const languageMarks: readonly LanguageMarks[] = [
  {
    name: 'ada',
    hardenedBy: 'flags',
    needed: /^libgnat-/,
    symbols: ['__gnat_runtime_initialize', '__gnat_initialize', 'adainit'],
    constant: { anchor: 'GNAT Ve', pattern: /^GNAT Version: (?<version>\d[\w.]*)/ },
  },
  {
    name: 'c++',
    hardenedBy: 'flags',
    symbols: [
      '__gxx_personality_v0',
      '_ZdlPv',
      '_ZdlPvm',
      '_Znwm',
      '_Znwj',
      '__cxa_throw',
      '_ZSt4cout',
    ],
    // Rust mangled its names in the same way, with a hash at their end.
    mangled: /^_Z(?!.*17h[0-9a-f]{16}E)/,
    constant: { anchor: 'St9exce', pattern: /^St9exception\0/ },
  },
  {
    name: 'crystal',
    hardenedBy: 'runtime',
    hasPersonality: true,
    names: /^\*|^~/,
    symbols: ['__crystal_main', '__crystal_once', '__crystal_raise'],
    constant: { anchor: 'Crystal', pattern: /^Crystal::(Scheduler|DWARF|EventLoop|System)/ },
  },
  {
    name: 'd',
    hardenedBy: 'runtime',
    hasPersonality: true,
    names: /^_D\d|^_d_/,
    comment: /^(?:ldc|DMD) (?:version )?v?(?<version>\d[\w.]*)/,
    needed: /^lib(g?phobos2?|g?druntime)\b/,
    symbols: ['_d_run_main', '_d_run_main2', '_Dmain'],
    constant: { anchor: 'core.ex', pattern: /^core\.exception\.(Assert|Range|OutOfMemory)Error/ },
  },
  {
    name: 'dart',
    hardenedBy: 'runtime',
    symbols: [
      '_kDartVmSnapshotInstructions',
      '_kDartIsolateSnapshotInstructions',
      '_kDartSnapshotBuildId',
    ],
  },
  {
    name: 'dotnet-aot',
    hardenedBy: 'runtime',
    names: /^(Rhp|S_P_|System_)/,
    symbols: ['RhpNewFast', 'DotNetRuntimeDebugHeader'],
    sections: ['__managedcode'],
  },
  {
    name: 'dotnet-host',
    hardenedBy: 'flags',
    symbols: ['DotNetRuntimeInfo'],
    // SHA-256 of `.net core bundle`: where the single-file host keeps the place of its bundle.
    data: {
      anchor: '\x8b\x12\x02\xb9\x6a\x61',
      pattern: /^\x8b\x12\x02\xb9\x6a\x61\x20\x38\x72\x7b\x93\x02\x14\xd7\xa0\x32/,
    },
  },
  {
    name: 'fortran',
    hardenedBy: 'flags',
    needed: /^lib(gfortran|FortranRuntime|flang)\b/,
    symbols: ['_gfortran_set_args', '_gfortran_st_write', '_FortranAProgramStart'],
    constant: { anchor: 'Fortran', pattern: /^Fortran runtime (error|warning)/ },
  },
  {
    name: 'free-pascal',
    hardenedBy: 'runtime',
    names: /_\$\$_|^FPC_|^fpc_/,
    symbols: ['FPC_INITIALIZEUNITS', 'INITFINAL'],
    sections: ['fpc.resources'],
    data: { anchor: 'FPC ', pattern: /^FPC (?<version>\d+\.\d+\.\d+)[^[\0]{0,40}\[/ },
  },
  {
    name: 'gccgo',
    hardenedBy: 'flags',
    needed: /^libgo\.so/,
    symbols: ['__go_init_main'],
  },
  {
    name: 'graalvm',
    hardenedBy: 'runtime',
    // Method and digest.
    names: /_[0-9a-f]{40}$/,
    symbols: ['graal_create_isolate'],
    sections: ['.svm_heap'],
    constant: { anchor: 'com.ora', pattern: /^com\.oracle\.svm\.core\b/ },
  },
  {
    name: 'haskell',
    hardenedBy: 'runtime',
    names: /_(info|closure|entry)$|^stg_/,
    comment: /^GHC (?<version>\d[\w.]*)/,
    needed: /^libHS\w/,
    symbols: ['hs_main', 'stg_upd_frame_info'],
    constant: { anchor: 'GHCRTS\0', pattern: /^GHCRTS\0/ },
  },
  {
    name: 'nim',
    hardenedBy: 'flags',
    symbols: ['NimMain', 'NimMainInner', 'nimGC_setStackBottom'],
    constant: { anchor: '.nim\0', lead: 5, pattern: /^fatal\.nim\0/ },
  },
  {
    name: 'objective-c',
    hardenedBy: 'flags',
    needed: /^lib(objc|gnustep-base)\.so/,
    symbols: ['objc_msgSend', 'objc_msg_lookup', '__objc_exec_class'],
  },
  {
    name: 'ocaml',
    hardenedBy: 'runtime',
    names: /^caml[A-Z]\w*(__|\.|\$)|^caml_/,
    symbols: ['caml_main', 'caml_startup', 'caml_startup_common'],
    constant: { anchor: 'CAMLRUN', pattern: /^CAMLRUNPARAM\0/ },
  },
  {
    name: 'rust',
    hardenedBy: 'runtime',
    hasPersonality: true,
    names: /17h[0-9a-f]{16}E$|^_R[A-Z]/,
    comment: /^rustc version (?<version>\d[\w.-]*)/,
    needed: /^lib(std-[0-9a-f]{16}|rustc_driver-)/,
    symbols: ['rust_eh_personality', 'rust_begin_unwind', 'rust_panic'],
    constant: {
      anchor: '/rustc',
      pattern: /^\/rustc(\/[0-9a-f]{40}\/|-(?<version>\d+\.\d+\.\d+)[\w.-]*\/library\/)/,
    },
  },
  {
    name: 'swift',
    hardenedBy: 'runtime',
    names: /^\$s|^swift_/,
    needed: /^libswiftCore\b/,
    symbols: ['swift_retain', 'swift_allocObject'],
    sections: ['swift5_typeref'],
  },
  {
    name: 'zig',
    hardenedBy: 'runtime',
    names:
      /^(std|builtin|fmt|mem|os|main|debug|heap|Io|fs|hash|array|posix|start|compiler_rt)[\w]*\.[\w.]+/,
    symbols: [
      'std.start.callMain',
      'builtin.default_panic',
      'std.builtin.default_panic',
      '__zig_probe_stack',
    ],
    constant: { anchor: 'anicked', pattern: /^anicked during a panic\. Aborting/ },
  },
];
