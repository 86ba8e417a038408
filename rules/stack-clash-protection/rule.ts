import {
  count,
  defineRule,
  type Evidence,
  fail,
  type KnownFacts,
  kindsOf,
  notApplicable,
  notPrograms,
  pass,
  percent,
  thresholds,
  unknown,
} from '../../src/judge/rule.ts';

export default defineRule({
  title: 'Large stack frames cannot step over the guard page',
  severity: 'low',
  securitySeverity: 3.7,
  cwe: [121, 789],
  since: '0.1.0',
  rationale: `
Below a stack lies a guard page: growing into it ends the program. A function with a frame of several pages can step
over it in one subtraction and write into whatever lies beyond, the heap or another thread's stack. Published exploits
of 2017 ("Stack Clash") and 2019 (systemd-journald) did this in setuid programs and services that put attacker-sized
data on the stack.

\`-fstack-clash-protection\` makes such frames page by page, touching each, so that the guard page is always hit. It costs
nothing for functions with frames of less than a page.`,
  evidence: `
The size of a frame comes from \`.eh_frame\` (the largest distance to the canonical frame address, without what is there
already where code is entered, as the cold part of a function is), or, if that does not show it, from the one
instruction that makes the whole frame. Functions whose frame exceeds a page (on AArch64
64 KiB, the guard that its compilers count with) are searched for probes: \`or $0,(%rsp)\` of gcc and \`movq $0,(%rsp)\`
after \`sub $0x1000,%rsp\` of LLVM on x86, \`str xzr,[sp,#1024]\` on AArch64, \`stdu r0,-4096(r1)\` on PowerPC,
\`cg %r0,n(%r15)\` on s390x. Frames whose size only run time knows (variable-length arrays, \`alloca\`) are not counted. Of
a static program only the program's own functions count, where the start code shows which they are. The rule passes where
${percent(thresholds.probes.nearlyAll)} of such functions have probes: start files and assembly have none.

Next to code of another language, which guards its stack by itself, only the frames of C functions count.

Rust and LLVM probe by default on some machines, so a file need not have been built with the option to pass.

\`readelf --debug-dump=frames-interp FILE\` shows the frames, \`objdump -d FILE | grep -E 'or[ql] +\\$0x0,.*[re]sp'\` the
probes.`,
  remediation: {
    gcc: 'Compile with `-fstack-clash-protection` (gcc 8 or later).',
    clang: 'Compile with `-fstack-clash-protection` (clang 11 or later on x86, 18 on AArch64).',
    rustc: 'Rust probes by default; for C code in a crate set `CFLAGS=-fstack-clash-protection`.',
    cmake: '`add_compile_options(-fstack-clash-protection)`',
    alpine:
      'abuild passes `-fstack-clash-protection` since Alpine 3.19: rebuild packages from before, and let builds use CFLAGS.',
    debian:
      'dpkg-buildflags passes it since Debian 13; before, add `DEB_CFLAGS_MAINT_APPEND = -fstack-clash-protection`.',
  },
  references: [
    'https://www.qualys.com/2017/06/19/stack-clash/stack-clash.txt',
    'https://gcc.gnu.org/onlinedocs/gcc/Instrumentation-Options.html',
    'https://best.openssf.org/Compiler-Hardening-Guides/Compiler-Options-Hardening-Guide-for-C-and-C++.html',
  ],
  exempt: {
    ...notPrograms,
    object: 'the frames of an object file have no addresses yet: judge what is linked from it',
    ...kindsOf(
      ['kernel-code'],
      "the kernel's stacks are small and fixed, and it forbids large frames",
    ),
  },
  samples: {
    pass: [
      'x86_64-glibc-gcc-pie-clash-probed',
      'x86_64-glibc-clang-pie-clash-probed',
      'x86_64-glibc-gcc-pie-hardened-nosections',
      'x86_64-musl-gcc-pie-clash-probed',
      'x86_64-musl-gcc-pie-alpine-nosections',
      'x86_64-glibc-rust-pie-stripped',
      'aarch64-glibc-gcc-pie-clash-probed',
      'aarch64-musl-gcc-pie-clash-probed',
    ],
    fail: [
      'x86_64-glibc-gcc-pie-clash-none',
      'x86_64-glibc-gcc-nopie-bare-nosections',
      'x86_64-musl-gcc-pie-clash-none',
      'x86_64-musl-gcc-staticpie-none-stripped',
      'i386-glibc-gcc-nopie-bare',
      'ppc64le-glibc-gcc-nopie-bare',
      's390x-glibc-gcc-nopie-bare',
      'aarch64-glibc-gcc-pie-clash-none',
      'aarch64-musl-gcc-pie-clash-none',
    ],
    unknown: [
      'arm-glibc-gcc-pie-hardened',
      'riscv64-glibc-gcc-pie-hardened',
      'x86_64-musl-gcc-static-packed',
    ],
    'not-applicable': [
      'x86_64-glibc-gcc-pie-clash-smallframes',
      'x86_64-glibc-gcc-pie-nobuffers',
      'x86_64-musl-gcc-pie-nobuffers',
      'aarch64-glibc-gcc-pie-nobuffers',
      'aarch64-musl-gcc-pie-nobuffers',
      'x86_64-none-go-static-stripped',
      'x86_64-none-gcc-module-bare',
    ],
  },
  needs: ['stackClash', 'machine'],
  degree({ stackClash: { state, probes } }) {
    if (state === 'no-large-frames') return { share: [0, 0] };
    if (state !== 'probed' && state !== 'partly' && state !== 'unprobed') return null;
    return { share: [probes.probed, probes.largeFrames + probes.undescribed] };
  },
  check({ stackClash, machine }) {
    const { state, probes } = stackClash;
    const evidence = evidenceOf(stackClash);
    const frames = probes.largeFrames + probes.undescribed;
    const large = count(frames, 'function');
    const size = `over ${probes.limit >> 10} KiB`;
    switch (state) {
      case 'probed':
        if (frames === 0) {
          const touch = probes.probes === 1 ? 'touches' : 'touch';
          return pass(
            `${count(probes.probes, 'instruction')} ${touch} frames page by page`,
            evidence,
          );
        }
        return pass(
          `${probes.probed} of ${large} with frames ${size} touch them page by page`,
          evidence,
        );
      case 'partly':
        return fail(
          `only ${probes.probed} of ${large} with frames ${size} touch them page by page`,
          evidence,
        );
      case 'unprobed':
        return fail(
          `${large} with frames ${size} ${frames === 1 ? 'does' : 'do'} not touch them page by page`,
          evidence,
        );
      case 'no-large-frames':
        return notApplicable(`no function has a frame ${size}`, evidence);
      case 'frames-unknown':
        return unknown(
          'unwind information describes too little of the code to know the sizes of frames',
          evidence,
        );
      case 'no-pattern':
        return unknown(
          `${large} with frames ${size}, but how probes look on ${machine.name} is not known`,
          evidence,
        );
      case 'other-runtime':
        return notApplicable(
          'the language guards its stacks by itself: its functions check the limit or stay small',
          evidence,
        );
    }
  },
});

function evidenceOf({ probes }: KnownFacts<'stackClash'>['stackClash']): Evidence[] {
  const frames = {
    what: `frames over ${probes.limit} bytes, with probes`,
    saw: `${probes.probed} of ${probes.largeFrames + probes.undescribed}`,
  };
  const at = probes.firstUnprobed;
  return [
    at === null ? frames : { ...frames, offset: BigInt(at) },
    { what: 'stack probes in the code', saw: String(probes.probes) },
  ];
}
