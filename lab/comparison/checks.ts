/** A check that some checker of ELF files makes, or that hullcheck alone makes. */
export interface Check {
  readonly what: string;
  /** Checkers that have it, each with what it looks at; none: hullcheck alone. */
  readonly others: Readonly<Record<string, string>>;
  readonly here: Here;
}

export type Here =
  /** `by`: what is looked at that the others do not look at, or the same. */
  | { readonly rules: readonly string[]; readonly by: string }
  | { readonly facts: readonly string[]; readonly by: string }
  | { readonly command: string; readonly by: string }
  /** Not there yet. */
  | { readonly missing: string };

/** When the sources of the others were read. */
export const readOn = '2026-11-29';

/** What was read of each. None of them was run for this table. */
export const checkers: Readonly<Record<string, string>> = {
  annocheck: 'annobin 12, snapshot of October 2024',
  auditwheel: 'sources of August 2026',
  BinSkim: 'sources of June 2026',
  'Bitcoin Core': 'contrib/guix of August 2026',
  blhc: '0.13',
  blint: 'sources of August 2026',
  Buildroot: 'sources of August 2026',
  checksec: '3, sources of June 2026',
  'checksec.rs': 'sources of March 2023',
  'hardening-check': '2.23',
  lintian: '2.116',
  'OE-core': 'QA checks of August 2026',
  Portage: 'QA checks of August 2026',
  rpminspect: 'sources of May 2026',
  rpmlint: 'sources of May 2026',
  scanelf: '1.3.7, its options',
};

const names = 'names of symbols';
const headers = 'program headers';
const tags = 'dynamic tags';
const note = 'a note';

/** By what they are about. */
export const checks: readonly (readonly [about: string, checks: readonly Check[]])[] = [
  [
    'Memory of a process',
    [
      {
        what: 'position independent',
        others: {
          annocheck: 'e_type, notes',
          'Bitcoin Core': 'e_type',
          BinSkim: 'e_type, DF_1_PIE',
          checksec: 'e_type',
          'hardening-check': 'e_type',
          lintian: 'e_type',
          rpmlint: 'e_type',
          scanelf: 'e_type',
        },
        here: {
          rules: ['pie'],
          by: 'e_type with the interpreter, soname and DF_1_PIE: static PIEs, PIEs without the flag, and libraries that can be run are distinguished',
        },
      },
      {
        what: 'RELRO, partial or full',
        others: { 'all of them': 'PT_GNU_RELRO and BIND_NOW' },
        here: {
          rules: ['relro'],
          by: 'each function pointer that the loader writes, and the dynamic section, against the pages that it protects, for each page size of the machine',
        },
      },
      {
        what: 'tables of functions to run at start and end outside of RELRO',
        others: {},
        here: { rules: ['relro'], by: 'addresses of `.init_array` and its siblings' },
      },
      {
        what: 'dynamic section or GOT writable by section flags',
        others: { annocheck: 'section flags', 'Bitcoin Core': 'section flags' },
        here: {
          rules: ['relro'],
          by: 'segments, which the loader maps; sections may say anything',
        },
      },
      {
        what: 'immediate binding',
        others: {
          annocheck: tags,
          BinSkim: tags,
          'hardening-check': tags,
          lintian: tags,
          Portage: 'tags, of set-id programs',
          scanelf: tags,
        },
        here: {
          rules: ['bind-now'],
          by: 'three tags, the slots that are left, and the loader: musl always binds at once',
        },
      },
      {
        what: 'executable stack',
        others: { 'all of them': 'PT_GNU_STACK' },
        here: {
          rules: ['non-executable-stack'],
          by: 'the header that the kernel takes, and what its absence means for the machine, kernel and libc',
        },
      },
      {
        what: 'objects without a note of their stack',
        others: {
          lintian: 'sections',
          Portage: 'sections',
          rpminspect: 'sections',
          rpmlint: 'sections',
        },
        here: {
          rules: ['non-executable-stack'],
          by: 'the section, with the default of the linkers',
        },
      },
      {
        what: 'writable and executable segments',
        others: { annocheck: headers, Portage: headers, scanelf: headers },
        here: { rules: ['no-writable-code'], by: 'the memory that all headers together make' },
      },
      {
        what: 'code in segments of its own',
        others: { 'Bitcoin Core': 'sections and segments' },
        here: { rules: ['separate-code'], by: headers },
      },
      {
        what: 'text relocations',
        others: {
          annocheck: tags,
          'OE-core': tags,
          Portage: tags,
          rpminspect: tags,
          rpmlint: tags,
          scanelf: tags,
        },
        here: {
          rules: ['no-text-relocations'],
          by: 'the relocations themselves: a tag without one is stale',
        },
      },
      {
        what: 'segments that larger pages can map',
        others: { 'Android and .NET for it': 'p_align' },
        here: {
          rules: ['page-size'],
          by: 'segments, and the page size that an allocator was built for',
        },
      },
    ],
  ],
  [
    'Code',
    [
      {
        what: 'stack canaries',
        others: { 'all of them': '`__stack_chk_fail`, notes or debug information' },
        here: {
          rules: ['stack-protector'],
          by: 'machine code: which functions keep a buffer, and which of them check a canary; static and stripped programs too',
        },
      },
      {
        what: 'strength of canaries',
        others: { annocheck: note, BinSkim: 'debug information' },
        here: {
          rules: ['stack-protector', 'compiler-flags'],
          by: 'the share of functions that check one; recorded options where there are some',
        },
      },
      {
        what: 'stack clash protection',
        others: {
          annocheck: note,
          BinSkim: 'debug information',
          'checksec.rs': names,
          'hardening-check': names,
        },
        here: {
          rules: ['stack-clash-protection'],
          by: 'machine code: large frames, and the probes in them',
        },
      },
      {
        what: 'FORTIFY',
        others: { 'all of them': '`_chk` names' },
        here: {
          rules: ['fortify-source'],
          by: 'names, and machine code where a name says nothing: which calls, with which sizes',
        },
      },
      {
        what: 'level of FORTIFY',
        others: { annocheck: note },
        here: { rules: ['fortify-source'], by: 'the flag that code passes, and recorded options' },
      },
      {
        what: 'CET, BTI, PAC, GCS, Zicfilp and Zicfiss',
        others: { annocheck: note, blint: 'code', checksec: note, 'hardening-check': note },
        here: {
          rules: ['control-flow-protection'],
          by: 'the note, and landing pads in the code: a note without them fails',
        },
      },
      {
        what: 'SafeStack',
        others: { BinSkim: names, checksec: names },
        here: { facts: ['otherProtections'], by: names },
      },
      {
        what: 'CFI of clang',
        others: { checksec: names, 'checksec.rs': names },
        here: { facts: ['otherProtections', 'kernelCode'], by: 'names; of kernel code its lists' },
      },
      {
        what: 'memory tagging, ABI of signed pointers',
        others: {},
        here: { facts: ['otherProtections'], by: 'tags and notes' },
      },
      {
        what: 'bounds of C++ containers',
        others: { annocheck: 'a note of libstdc++ alone' },
        here: {
          rules: ['cxx-assertions'],
          by: 'names and texts that each use leaves, of libstdc++ and libc++',
        },
      },
      {
        what: 'retpolines of kernel modules',
        others: { 'the kernel': '.modinfo' },
        here: { rules: ['kernel-retpoline'], by: '.modinfo, and lists of places' },
      },
      {
        what: 'signatures of kernel modules',
        others: { 'the kernel': 'what follows the file' },
        here: { rules: ['module-signature'], by: 'what follows the file, by its form' },
      },
      {
        what: 'sanitizers, coverage and profiling left in',
        others: { annocheck: names, lintian: names },
        here: {
          rules: ['no-instrumentation'],
          by: 'names, sections and texts, of stripped and Go programs too',
        },
      },
      {
        what: 'functions that are never safe',
        others: { rpmlint: names, 'the linker': names },
        here: { rules: ['no-dangerous-imports'], by: names },
      },
      {
        what: 'times of 32 bits',
        others: { 'OE-core': names },
        here: {
          rules: ['time64'],
          by: 'names that exchange points in time; durations and monotonic clocks do not count',
        },
      },
      {
        what: 'packed programs',
        others: {},
        here: { rules: ['no-packer'], by: 'the chain of compressed blocks' },
      },
      {
        what: 'recorded options: `-fno-strict-overflow`, `-ftrivial-auto-var-init`, ...',
        others: { annocheck: note, BinSkim: 'debug information', Portage: 'sections' },
        here: { rules: ['compiler-flags'], by: 'notes and debug information, and gaps in them' },
      },
    ],
  ],
  [
    'Loading and starting',
    [
      {
        what: 'run paths that others can write to',
        others: {
          annocheck: tags,
          blint: tags,
          lintian: tags,
          Portage: tags,
          rpminspect: tags,
          scanelf: tags,
        },
        here: {
          rules: ['safe-run-path'],
          by: 'each element as its loader expands it, in the image: owner, mode, links',
        },
      },
      {
        what: 'run paths of a build',
        others: { Buildroot: tags, 'OE-core': tags, Portage: tags },
        here: { rules: ['safe-run-path'], by: 'known folders of builders' },
      },
      {
        what: 'needed libraries with a slash',
        others: { Android: tags },
        here: { rules: ['safe-needed'], by: tags },
      },
      {
        what: 'libraries found, and symbols resolved',
        others: { blint: 'closure of names', rpmlint: 'by running `ldd`' },
        here: {
          rules: ['loadable'],
          by: 'the search of glibc and of musl, release by release, in the image; nothing is run',
        },
      },
      {
        what: 'whether the image starts',
        others: {},
        here: {
          rules: ['entrypoint-starts'],
          by: 'its command, followed through links, scripts and loaders',
        },
      },
      {
        what: 'interpreter as expected',
        others: { 'Bitcoin Core': headers },
        here: {
          rules: ['standard-interpreter', 'musl-linkage'],
          by: 'the path, and what lies there in the image',
        },
      },
      {
        what: 'two C libraries in one process',
        others: {},
        here: { rules: ['one-libc'], by: 'all libraries that would be loaded' },
      },
      {
        what: 'libraries that audit, filter or replace',
        others: {},
        here: { rules: ['no-dlopen-surprise'], by: tags },
      },
      {
        what: 'oldest glibc, C++ library, kernel and processor',
        others: {
          auditwheel: 'versions of symbols, a note',
          'Bitcoin Core': 'versions of symbols',
          blint: 'versions of symbols',
        },
        here: {
          rules: ['runs-on'],
          by: 'versions of symbols, notes, segments and instructions, each with the symbol or instruction that sets it',
        },
      },
      {
        what: 'libraries that may be opened while it runs',
        others: { blint: 'constants' },
        here: { facts: ['openedNames'], by: 'constants of files that call `dlopen`' },
      },
      {
        what: 'needed and not used, or used and not needed',
        others: { blint: names, lintian: names, rpmlint: names },
        here: {
          facts: ['libraryUse'],
          by: 'symbols by version, in the process that the loader makes of the image',
        },
      },
      {
        what: 'lists of allowed libraries and exports, and of forbidden functions',
        others: {
          auditwheel: 'needed libraries',
          'Bitcoin Core': 'both',
          rpminspect: 'functions',
          rpmlint: 'functions',
        },
        here: {
          rules: ['own-lists'],
          by: 'lists of the policy, by path, kind and package: dynamic tags, and symbols with versions',
        },
      },
    ],
  ],
  [
    'Files',
    [
      {
        what: 'headers that contradict each other',
        others: { annocheck: headers, lintian: 'errors of readelf' },
        here: {
          rules: ['well-formed'],
          by: 'all that kernel, loaders and tools read in another way',
        },
      },
      {
        what: 'writable by others, or owned by who builds',
        others: { lintian: 'modes', 'OE-core': 'owners', Portage: 'modes' },
        here: {
          rules: ['not-writable'],
          by: 'mode and owner of the file and of the folders above it',
        },
      },
      {
        what: 'set-id and privileged programs',
        others: { Portage: 'modes and tags', rpminspect: 'capabilities' },
        here: {
          rules: ['privileged-hardening'],
          by: 'modes and capabilities, held to more than others are',
        },
      },
      {
        what: 'paths of the build',
        others: { 'OE-core': 'bytes' },
        here: { rules: ['no-debug-leak'], by: 'debug information and constants' },
      },
      {
        what: 'debug information left in',
        others: { checksec: 'sections', lintian: 'sections', rpmlint: 'sections' },
        here: { rules: ['no-debug-leak'], by: 'sections; names of functions alone are a fact' },
      },
      {
        what: 'build ID',
        others: { rpm: note },
        here: { rules: ['build-id'], by: note },
      },
      {
        what: 'libraries that were compiled in',
        others: { blint: 'symbols', lintian: 'texts' },
        here: { facts: ['embeddedLibraries'], by: 'texts that their sources put into each build' },
      },
      {
        what: 'name of the debug file',
        others: { lintian: 'sections' },
        here: { facts: ['debugInformation'], by: 'sections' },
      },
      {
        what: 'what a separate debug file shows',
        others: { annocheck: '`--debug-dir`, `--debug-file`, `--debug-rpm`, debuginfod' },
        here: {
          command: 'scan --debug-dir',
          by: 'names, options and `.comment` of a file that matches by build ID, CRC, segments and sections; nothing is downloaded',
        },
      },
      {
        what: 'system that the file is made for',
        others: { scanelf: 'EI_OSABI' },
        here: {
          facts: ['system'],
          by: 'the loader and the libraries that have to be there; marks are shown and decide nothing',
        },
      },
      {
        what: 'compilers, with their versions',
        others: { annocheck: note },
        here: { facts: ['compilers', 'go'], by: '`.comment`, and the record of Go' },
      },
      {
        what: 'protection lost against the last build',
        others: { rpminspect: 'RELRO alone' },
        here: { command: 'diff', by: 'every rule, with the share of functions that lost it' },
      },
    ],
  ],
  [
    'Kernels',
    [
      {
        what: 'configuration of a kernel',
        others: { checksec: '52 options', 'kernel-hardening-checker': 'all of them' },
        here: {
          rules: ['kernel-config'],
          by: 'what the configuration offers and does not set, as a file and in the kernel; recommendations of KSPP that take no feature away',
        },
      },
    ],
  ],
];

/** Checks of others that are left out, and why. */
export const leftOut: readonly (readonly [what: string, who: string, why: string])[] = [
  [
    'any run path is an error',
    'checksec, blint, Bitcoin Core',
    'most are needed and safe: what counts is who can write there',
  ],
  [
    'a static program is an error',
    'lintian, rpmlint',
    'for containers it is a choice with good reasons',
  ],
  [
    'large programs should be packed',
    'blint',
    'a packed program hides what it is, and has writable code',
  ],
  [
    'set-id programs that drop users without groups',
    'rpmlint',
    'imports do not show in which order they are called: of 114 importers in Debian nearly all are right',
  ],
  ['`system` in set-id programs', 'cwe_checker', 'two of Debian have it, and both must'],
  [
    '`gethostbyname`, `crypt`, `rand`, ciphers, ENGINE',
    'rpmlint, rpminspect, annocheck',
    'policies of one distribution',
  ],
  [
    'DWARF 5 or newer, `-Wall`, LTO used, short enums, hash style',
    'BinSkim, annocheck, OE-core',
    'no defect by itself, or no trace in a file',
  ],
  [
    '`-fbounds-safety`, `-fno-strict-*`, `-ftrivial-auto-var-init` by code',
    '',
    'no trace in code that is certain: recorded options show them',
  ],
  ['registers cleared at the end of functions', 'annocheck', 'no distribution promises it'],
  [
    'internals of libc, abi3, UCS2',
    'auditwheel, blint',
    'what installs packages of Python checks it',
  ],
  ['sysctl, boot command lines, units of systemd', 'checksec', 'they are not binaries'],
  ['logs of builds', 'blhc', 'hullcheck judges what was built'],
];
