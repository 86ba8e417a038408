import type { BytePattern } from './pattern-search.ts';

export type InstrumentName =
  | 'AddressSanitizer'
  | 'HWAddressSanitizer'
  | 'LeakSanitizer'
  | 'MemorySanitizer'
  | 'ThreadSanitizer'
  | 'UndefinedBehaviorSanitizer'
  | 'DataFlowSanitizer'
  | 'fuzzing'
  | 'gcov coverage'
  | 'LLVM profile or coverage'
  | 'Go coverage'
  | 'gprof profiling'
  | 'function tracing'
  | 'XRay tracing';

export interface Instrument {
  readonly name: InstrumentName;
  readonly needed?: RegExp;
  /** Calls that only instrumented code makes, not hooks such as __asan_default_options that programs define for all cases. */
  readonly symbol: RegExp;
  /** The same in `.symtab`, where the runtime was linked in. */
  readonly staticNames?: readonly string[];
  readonly sections?: readonly string[];
  /** What the runtime prints or reads from the environment, for stripped files. */
  readonly constant?: BytePattern;
}

/** How all their symbols begin, which excludes most names without a string. */
export const symbolBeginnings: readonly string[] = ['__', '_m', 'mc', 'LL', 'll'];

export const instruments: readonly Instrument[] = [
  {
    name: 'AddressSanitizer',
    needed: /^libasan\.so|^libclang_rt\.asan/,
    symbol: /^__asan_(init$|version_mismatch_check|report_|register_|stack_malloc)/,
    staticNames: ['__asan_init'],
    sections: ['asan_globals'],
  },
  {
    name: 'HWAddressSanitizer',
    needed: /^libhwasan\.so|^libclang_rt\.hwasan/,
    symbol: /^__hwasan_(init|load|store|tag_memory)/,
    staticNames: ['__hwasan_init'],
    sections: ['hwasan_globals'],
  },
  {
    name: 'LeakSanitizer',
    needed: /^liblsan\.so|^libclang_rt\.lsan/,
    symbol: /^__lsan_init$/,
    staticNames: ['__lsan_init'],
  },
  {
    name: 'MemorySanitizer',
    needed: /^libclang_rt\.msan/,
    symbol: /^__msan_(init$|warning|param_tls|retval_tls)/,
    staticNames: ['__msan_init'],
  },
  {
    name: 'ThreadSanitizer',
    needed: /^libtsan\.so|^libclang_rt\.tsan/,
    symbol: /^__tsan_(init$|func_entry|read\d|write\d|atomic\d)/,
    staticNames: ['__tsan_init'],
  },
  {
    // The _minimal handlers only abort or print a line: they are meant for production.
    name: 'UndefinedBehaviorSanitizer',
    needed: /^libubsan\.so|^libclang_rt\.ubsan_standalone/,
    symbol: /^__ubsan_handle_(?!.*_minimal)/,
    staticNames: [
      '__ubsan_handle_type_mismatch_v1',
      '__ubsan_handle_add_overflow',
      '__ubsan_handle_pointer_overflow',
    ],
  },
  {
    name: 'DataFlowSanitizer',
    symbol: /^__dfsan_(arg_tls|retval_tls|union|init)/,
    staticNames: ['__dfsan_arg_tls'],
  },
  {
    name: 'fuzzing',
    symbol: /^(__sanitizer_cov_trace_|__afl_(area_ptr|auto_|manual_init)|LLVMFuzzerRunDriver$)/,
    staticNames: ['__sanitizer_cov_trace_pc_guard', '__afl_area_ptr', 'LLVMFuzzerTestOneInput'],
    sections: ['__sancov_guards', '__sancov_cntrs'],
  },
  {
    name: 'gcov coverage',
    symbol: /^(__gcov_(init|exit|merge_)|llvm_gcov_init$|llvm_gcda_)/,
    staticNames: ['__gcov_init', 'llvm_gcov_init'],
    // Where it writes to: a whole name. Tools for such files hold the suffix alone, or `*.gcda`.
    constant: { anchor: '.gcda\0', lead: 1, pattern: /^\w\.gcda\0/ },
  },
  {
    name: 'LLVM profile or coverage',
    symbol: /^__llvm_profile_(runtime$|instrument_|write_file$|register_)/,
    staticNames: ['__llvm_profile_runtime', '__llvm_profile_write_file'],
    sections: ['__llvm_prf_cnts', '__llvm_covmap'],
    constant: { anchor: '_PROFIL', lead: 4, pattern: /^LLVM_PROFILE_FILE\0/ },
  },
  {
    name: 'gprof profiling',
    symbol: /^(_?mcount|__gnu_mcount_nc|__fentry__|__monstartup)$/,
    staticNames: ['mcount', '_mcount', '__fentry__'],
  },
  {
    name: 'function tracing',
    symbol: /^__cyg_profile_func_(enter|exit)$/,
  },
  {
    name: 'XRay tracing',
    symbol: /^__xray_(FunctionEntry|init$)/,
    sections: ['xray_instr_map'],
  },
];
