import {
  count,
  defineRule,
  type Evidence,
  fail,
  kindsOf,
  listed,
  notApplicable,
  pass,
  unknown,
} from '../../src/judge/rule.ts';
import { compare, type Missing } from './compare.ts';

export default defineRule({
  title: 'Kernels are configured as the Kernel Self-Protection Project recommends',
  severity: 'low',
  otherSeverities: ['medium'],
  securitySeverity: 4.5,
  cwe: [1188],
  since: '0.2.0',
  rationale: `
A fault in the kernel is a fault in everything that runs on it. Options of its build decide what a fault is worth: whether code
and constants can be overwritten, where the kernel lies, whether an overflow of a stack or of an object on the heap is noticed,
whether a copy from a program is checked, who may load code. The Kernel Self-Protection Project recommends them.`,
  evidence: `
The configuration is read where kernels and distributions put it: \`/boot/config-*\`, \`/lib/modules/*/config\`, \`/proc/config.gz\`,
and the copy in an ELF kernel that was built with \`CONFIG_IKCONFIG\`. An option counts as missing where the configuration offers it
and it \`is not set\`, or where what it rests on is not set. An option without a line is not offered by this version, for
this machine or with this compiler, and does not count; neither does what takes away a feature that systems use: \`MODULES\`,
\`COMPAT\`, \`IA32_EMULATION\`, \`KEXEC\`, \`HIBERNATION\`, \`PROC_KCORE\`, \`BINFMT_MISC\`, \`INET_DIAG\`, \`X86_MSR\`, \`MODIFY_LDT_SYSCALL\`,
\`STATIC_USERMODEHELPER\`, a lockdown that is forced. Severity is medium where one of these is missing: \`STRICT_KERNEL_RWX\`,
\`STRICT_MODULE_RWX\`, \`RANDOMIZE_BASE\`, \`STACKPROTECTOR_STRONG\`, \`STRICT_DEVMEM\`, \`SLAB_FREELIST_RANDOM\`, \`SLAB_FREELIST_HARDENED\`,
\`HARDENED_USERCOPY\`, \`MODULE_SIG\`, \`BPF_UNPRIV_DEFAULT_OFF\`. What the command line of the kernel and sysctl change is not seen. A
configuration that is cut is unknown, and a kernel without one is not judged: a configuration next to it is judged by itself.

    grep -E 'CONFIG_(HARDENED_USERCOPY|STRICT_DEVMEM)\\b' /boot/config-VERSION
    scripts/extract-ikconfig vmlinux`,
  remediation: {
    gcc: 'Set the options in `.config` (`scripts/config --enable HARDENED_USERCOPY`, then `make olddefconfig`) and build the kernel again. For a kernel of a distribution: parameters of the command line stand in for some of them (`init_on_alloc=1`, `slab_nomerge`, `lockdown=integrity`).',
    clang:
      'The same with `LLVM=1`, which offers `CFI_CLANG` and, on arm64, `SHADOW_CALL_STACK` too.',
  },
  references: [
    'https://kspp.github.io/Recommended_Settings',
    'https://docs.kernel.org/security/self-protection.html',
    'https://docs.kernel.org/admin-guide/sysctl/kernel.html#unprivileged-bpf-disabled',
  ],
  exempt: {
    ...kindsOf(
      ['program', 'static-program', 'library', 'loader', 'object', 'freestanding'],
      (called) => `${called} is not a kernel`,
    ),
    'kernel-module': 'a module is built with the configuration of its kernel',
    core: 'a core file is not a kernel',
    'debug-only': 'a file of debug information is not a kernel',
  },
  samples: {
    pass: ['kernel-configs.tar:/boot/config-6.6.9-hardened'],
    fail: [
      'x86_64-none-gcc-kernel-ikconfig',
      'kernel-configs.tar:/boot/config-6.1.0-weak',
      'kernel-configs.tar:/proc/config.gz',
    ],
    unknown: [
      'kernel-configs.tar:/boot/config-5.10.0-cut',
      'kernel-configs.tar:/boot/config-5.10.0-empty',
    ],
    'not-applicable': ['x86_64-none-gcc-kernel-tiny', 'x86_64-glibc-gcc-pie-hardened'],
  },
  needs: ['kernelConfig'],
  check({ kernelConfig }) {
    if (kernelConfig === null) return notApplicable('no configuration of it is there');
    const { version, architecture } = kernelConfig;
    const about = { what: 'configuration', saw: `Linux ${version} for ${architecture}` };
    const { offered, missing } = compare(kernelConfig);
    if (offered === 0)
      return unknown('it offers no option that is recommended, as no kernel of Linux does', [
        about,
      ]);
    if (missing.length === 0)
      return pass(`it follows all ${offered} recommendations that apply to it`, [about]);
    const heavy = missing.filter(({ recommendation }) => recommendation.weighs === true);
    const weighty = heavy.length === 0 ? '' : `, ${heavy.length} of them weighty`;
    const named = listed(
      missing.map(({ recommendation }) => recommendation.option),
      mostListed,
    );
    return fail(
      `${missing.length} of ${count(offered, 'recommendation')} are not followed${weighty}: ${named}`,
      [about, ...evidenceOf(missing)],
      heavy.length === 0 ? {} : { severity: 'medium' },
    );
  },
  degree({ kernelConfig }) {
    if (kernelConfig === null) return null;
    const { offered, missing } = compare(kernelConfig);
    return offered === 0 ? null : { share: [offered - missing.length, offered] };
  },
});

/** As many as a message names: those that weigh most come first. */
const mostListed = 4;
/** As many as a person reads. */
const mostNamed = 12;

function evidenceOf(missing: readonly Missing[]): readonly Evidence[] {
  const named = missing.slice(0, mostNamed).map(({ recommendation: { option, want }, saw }) => ({
    what: `CONFIG_${option}`,
    saw: `${saw}; recommended: ${wanted(want)}`,
  }));
  const others = missing.slice(mostNamed).map(({ recommendation: { option } }) => option);
  return others.length === 0
    ? named
    : [...named, { what: 'also not followed', saw: others.join(', ') }];
}

function wanted(want: Missing['recommendation']['want']): string {
  if (want === 'on') return 'y';
  return want === 'off' ? 'not set' : `${want} or more`;
}
