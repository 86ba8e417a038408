import {
  defineRule,
  fail,
  type KnownFacts,
  kindsOf,
  notLoaded,
  pass,
  type Verdict,
} from '../../src/judge/rule.ts';

export default defineRule({
  title: 'The loader does not write into code',
  severity: 'high',
  otherSeverities: ['low'],
  securitySeverity: 7.0,
  cwe: [119, 693, 1327],
  since: '0.1.0',
  rationale: `
A text relocation is an address that the loader has to write into code or other read-only memory, because that code was
not compiled as position independent. For this the loader lifts the write protection. glibc restores it afterwards, so
there is a window at start; **musl does not**: the whole library, code and data, stays writable *and* executable for the
life of the process. Such pages cannot be shared between processes either, and SELinux and other policies refuse them.`,
  evidence: `
Relocations (other than R_*_NONE) whose address lies in segments without PF_W are counted, and the announcement is read:
DT_TEXTREL, or DF_TEXTREL (4) in DT_FLAGS. An announcement without any such relocation is stale; it costs nothing under
glibc after the start, but musl acts on DT_TEXTREL alone.

\`readelf -dW FILE | grep TEXTREL\` shows the announcement; \`readelf -rW FILE\` against \`readelf -lW FILE\` the relocations.`,
  remediation: {
    gcc: 'Compile everything that goes into it with `-fPIC` (libraries) or `-fPIE`; let the link fail otherwise with `-Wl,-z,text`. Hand-written assembly must reach data through the GOT or relative to the program counter. `-Wl,--warn-textrel` of GNU ld names the file.',
    clang:
      'Compile with `-fPIC` or `-fPIE`; lld refuses text relocations unless `-z notext` is given: remove it.',
    rustc:
      'Remove `-C relocation-model=static` and `-z notext`; C and assembly built by build.rs need `-fPIC`.',
    go: 'With cgo, compile the C and assembly parts with `-fPIC` (CGO_CFLAGS); remove `-z notext` from `-extldflags`.',
    zig: 'Set `.pic = true` for the module and for C sources; remove `-z notext`.',
    cmake: '`set(CMAKE_POSITION_INDEPENDENT_CODE ON)` and `add_link_options(-Wl,-z,text)`',
    alpine:
      'abuild refuses text relocations by default: remove `options="textrels"` from the APKBUILD and repair the assembly.',
    debian:
      'Policy 10.2 wants shared libraries to be position independent: compile with `-fPIC`, repair the assembly.',
  },
  references: [
    'https://wiki.gentoo.org/wiki/Hardened/Textrels_Guide',
    'https://www.akkadia.org/drepper/textrelocs.html',
    'https://git.musl-libc.org/cgit/musl/tree/ldso/dynlink.c',
  ],
  exempt: {
    ...notLoaded,
    ...kindsOf(['kernel-code'], 'the kernel patches its own code, before it protects it'),
    'kernel-module': 'the kernel writes into the code of every module, before it protects it',
  },
  samples: {
    pass: [
      'x86_64-glibc-gcc-pie-hardened',
      'x86_64-glibc-gcc-lib-hardened',
      'x86_64-musl-gcc-pie-alpine',
      'aarch64-glibc-gcc-lib-hardened',
      'aarch64-musl-gcc-pie-alpine',
      'mips-glibc-gcc-lib-plain',
    ],
    fail: [
      'x86_64-glibc-gcc-lib-textrel',
      'x86_64-musl-gcc-lib-textrel',
      'i386-glibc-gcc-lib-textrel',
      'aarch64-glibc-gcc-lib-textrel',
    ],
    unknown: ['x86_64-musl-gcc-static-packed'],
    'not-applicable': ['x86_64-glibc-gcc-object-hardened', 'x86_64-none-gcc-module-bare'],
  },
  needs: ['textRelocations', 'libc', 'kind'],
  check(facts) {
    const { announced, count, first } = facts.textRelocations;
    if (count > 0) {
      const what = `${count === 1 ? '1 relocation is' : `${count} relocations are`} in memory that is not writable`;
      return fail(`${what}${consequence(facts)}`, [
        ...announced,
        ...(first === null ? [] : [first]),
      ]);
    }
    if (announced.length > 0) return stale(facts);
    return pass('no relocation is in memory that is not writable', [
      { what: 'DT_TEXTREL, DF_TEXTREL', saw: 'none' },
    ]);
  },
});

type Facts = KnownFacts<'textRelocations' | 'libc' | 'kind'>;

function consequence(facts: Facts): string {
  if (facts.textRelocations.announced.length === 0)
    return ', and the file does not announce it to the loader: it crashes at start';
  if (staysWritable(facts)) return ': under musl the whole library stays writable and executable';
  return ': the loader makes code writable while it starts';
}

/** ldso/dynlink.c, map_library: for libraries only, by the tag DT_TEXTREL only, and for good. */
function staysWritable({ textRelocations, libc, kind }: Facts): boolean {
  return textRelocations.tag && libc.name === 'musl' && kind.kind === 'shared-library';
}

function stale(facts: Facts): Verdict {
  const { announced } = facts.textRelocations;
  if (staysWritable(facts)) {
    const message =
      'DT_TEXTREL is stale, and musl makes the whole library writable and executable for it';
    return fail(message, announced);
  }
  const message = 'text relocations are announced, but there are none: a stale flag';
  return fail(message, announced, { severity: 'low' });
}
