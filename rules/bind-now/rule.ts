import {
  count,
  defineRule,
  fail,
  kindsOf,
  notApplicable,
  notLoaded,
  pass,
  unknown,
} from '../../src/judge/rule.ts';

export default defineRule({
  title: 'Every function is bound before the program starts',
  severity: 'low',
  securitySeverity: 3.0,
  cwe: [123, 1327],
  since: '0.1.0',
  rationale: `
With lazy binding, the loader looks up a function at its first call and writes its address into the global offset table.
These slots stay writable for the life of the process, so RELRO cannot protect them: an attacker who can write one word
can call any function. With binding at start, missing symbols also show up at start, not in the middle of work.`,
  evidence: `
There are three ways to request binding at start, and loaders honour each of them: the tag DT_BIND_NOW, DF_BIND_NOW (8) in DT_FLAGS, DF_1_NOW (1)
in DT_FLAGS_1. If none is present, lazily bound slots are counted: JUMP_SLOT relocations in DT_JMPREL (on MIPS also
undefined functions that have a stub). Without such a slot there is nothing to bind late, so the rule does not apply to
static programs and data-only libraries. Nor does it apply under musl, which never binds lazily; whether the slots are
protected there is what \`relro\` says.

\`readelf -dW FILE | grep -E 'BIND_NOW|NOW'\` and \`readelf -rW FILE | grep JUMP_SLO\` show it.`,
  remediation: {
    gcc: 'Link with `-Wl,-z,now`.',
    clang: 'Link with `-Wl,-z,now`.',
    rustc:
      'Full RELRO, which includes it, is the default; remove `-C relro-level=partial` or `-Z` flags that lower it.',
    go: '`-ldflags=-bindnow` (Go 1.23 and later); with external linking `-ldflags "-extldflags=-Wl,-z,now"`.',
    zig: '`-z now` is the default; remove `-z lazy` (`link_z_lazy` in build.zig).',
    cmake: '`add_link_options(-Wl,-z,now)`',
    alpine:
      "Alpine's gcc passes `-z now` by itself; look for `-z lazy` or replaced linker flags in the package's build.",
    debian:
      'Set `DEB_BUILD_MAINT_OPTIONS=hardening=+bindnow` (or `+all`) in debian/rules: it is off by default.',
  },
  references: [
    'https://sourceware.org/binutils/docs/ld/Options.html',
    'https://man7.org/linux/man-pages/man8/ld.so.8.html',
    'https://best.openssf.org/Compiler-Hardening-Guides/Compiler-Options-Hardening-Guide-for-C-and-C++.html',
  ],
  exempt: {
    ...notLoaded,
    ...kindsOf(['kernel-code'], 'the kernel has nothing to bind'),
    'kernel-module': 'the kernel binds all symbols of a module when it loads it',
  },
  samples: {
    pass: [
      'x86_64-glibc-gcc-pie-hardened',
      'x86_64-glibc-gcc-pie-hardened-nosections',
      'x86_64-glibc-gcc-pie-nowonly',
      'x86_64-musl-gcc-pie-alpine',
      'aarch64-glibc-gcc-pie-hardened',
      'aarch64-musl-gcc-pie-alpine',
      'mips-glibc-gcc-pie-hardened',
    ],
    fail: [
      'x86_64-glibc-gcc-pie-default',
      'x86_64-glibc-gcc-lib-lazy',
      'x86_64-glibc-gcc-nopie-bare-nosections',
      'aarch64-glibc-gcc-nopie-bare',
      'mips-glibc-gcc-nopie-bare',
      's390x-glibc-gcc-nopie-bare',
    ],
    unknown: ['x86_64-musl-gcc-static-packed'],
    'not-applicable': [
      'x86_64-other-clang-pie-openbsd',
      'x86_64-musl-gcc-pie-lazy',
      'aarch64-musl-gcc-nopie-bare',
      'x86_64-glibc-gcc-static-none-stripped',
      'x86_64-glibc-gcc-object-hardened',
    ],
  },
  needs: ['bindNow', 'libc', 'otherSystem'],
  check({ bindNow: { requests, lazySlots }, libc, otherSystem }) {
    if (requests.length > 0) return pass('the file requests binding at start', requests);
    if (lazySlots === null) {
      return unknown(
        'the relocation types of this machine are not known, so lazily bound slots cannot be counted',
      );
    }
    const evidence = [
      { what: 'DT_BIND_NOW, DF_BIND_NOW, DF_1_NOW', saw: 'none' },
      { what: 'lazily bound slots', saw: `${lazySlots}` },
    ];
    if (lazySlots === 0) return notApplicable('nothing in this file is bound lazily', evidence);
    if (libc.name === 'musl') {
      return notApplicable('musl binds every function at start, whatever the file requests', [
        ...evidence,
        ...libc.evidence,
      ]);
    }
    if (libc.name === 'bionic') {
      return notApplicable(
        "Android's linker binds every function at start: it knows no other way",
        [...evidence, ...libc.evidence],
      );
    }
    const whole = otherSystem === null ? null : bindingOf[otherSystem.name];
    if (otherSystem !== null && whole != null)
      return notApplicable(whole, [...evidence, ...otherSystem.evidence]);
    const functions = `${count(lazySlots, 'function')} ${lazySlots === 1 ? 'is' : 'are'}`;
    return fail(`${functions} bound at the first call, through slots that stay writable`, evidence);
  },
});

/**
 * Loaders with which lazily bound slots need no request: OpenBSD's (_dl_bind in libexec/ld.so/amd64/rtld_machine.c), and Fuchsia's,
 * which is made from musl's (reloc_all in zircon/third_party/ulib/musl/ldso/dynlink.c, before the program starts).
 */
const bindingOf: Readonly<Record<string, string>> = {
  OpenBSD:
    "OpenBSD's loader binds by kbind(2), which writes into slots that the program cannot write: see the rule relro",
  Fuchsia: "Fuchsia's loader binds every function at start, whatever the file requests",
};
