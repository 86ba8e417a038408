import { defineProfile } from '../profile.ts';
import { exceptIn, linkedStatic, parametersOnly, plainAgain } from './promises/gcc.ts';

const flags = 'https://src.fedoraproject.org/rpms/redhat-rpm-config/blob/rawhide/f/buildflags.md';
const fedora = ['fedora'];
/** Rebuilds of Red Hat Enterprise Linux count releases as it does. */
const enterprise = ['rhel', 'centos', 'almalinux', 'rocky', 'ol'];
const all = [...fedora, ...enterprise];

const packages = { promised: 'as named' as const, os: { id: all } };
const before = (id: readonly string[], release: string) => ({
  promised: 'as named' as const,
  os: { id, before: release },
});

export default defineProfile({
  summary: 'What redhat-rpm-config promises, by release: Fedora, RHEL and its rebuilds',
  explanation: `For images built on Fedora, Red Hat Enterprise Linux, CentOS Stream, AlmaLinux, Rocky or Oracle Linux. Files of their
packages are judged by the flags of redhat-rpm-config: PIE with full RELRO, stack-protector-strong, _FORTIFY_SOURCE, stack probes
and control-flow protection, each since the release that introduced it. Files without a package are yours, and judged by
the rules alone.`,
  expectations: [
    {
      rules: ['stack-clash-protection', 'control-flow-protection'],
      level: 'off',
      because: '-fstack-clash-protection and -fcf-protection are flags since Fedora 28',
      where: before(fedora, '28'),
      source: 'https://fedoraproject.org/wiki/Changes/HardeningFlags28',
    },
    {
      rules: ['stack-clash-protection', 'control-flow-protection'],
      level: 'off',
      because: '-fstack-clash-protection and -fcf-protection are flags since RHEL 8',
      where: before(enterprise, '8'),
      source: 'https://fedoraproject.org/wiki/Changes/HardeningFlags28',
    },
    {
      rules: ['pie', 'bind-now'],
      level: 'off',
      because: 'hardened builds are the default since Fedora 23',
      where: before(fedora, '23'),
      source: 'https://fedoraproject.org/wiki/Changes/Harden_All_Packages',
    },
    {
      rules: ['pie', 'bind-now'],
      level: 'off',
      because: 'hardened builds are the default since RHEL 8',
      where: before(enterprise, '8'),
      source: 'https://fedoraproject.org/wiki/Changes/Harden_All_Packages',
    },
    {
      rules: ['control-flow-protection'],
      level: 'off',
      because: '-mbranch-protection=standard is a flag since Fedora 33',
      where: { ...before(fedora, '33'), machine: ['aarch64'] },
      source: 'https://fedoraproject.org/wiki/Changes/Aarch64_PointerAuthentication',
    },
    {
      rules: ['control-flow-protection'],
      level: 'off',
      because: 'branch protection is not a flag of this release',
      where: { ...before(enterprise, '10'), machine: ['aarch64'] },
      source: flags,
    },
    {
      rules: ['control-flow-protection'],
      level: 'off',
      because: 'no flag sets it on this machine',
      where: { ...packages, machine: ['i386', 'ppc64le', 's390x', 'riscv64'] },
      source: flags,
    },
    {
      rules: ['stack-clash-protection'],
      level: 'off',
      because: 'no flag sets it on this machine',
      where: { ...packages, machine: ['arm', 'riscv64'] },
      source: flags,
    },
    exceptIn(packages, {
      ...linkedStatic,
      because: 'redhat-hardened-ld requests PIE unless another option such as -static is given',
      source:
        'https://src.fedoraproject.org/rpms/redhat-rpm-config/blob/rawhide/f/redhat-hardened-ld',
    }),
    exceptIn(packages, plainAgain),
    exceptIn(packages, parametersOnly),
    {
      rules: ['separate-code', 'compiler-flags'],
      level: 'off',
      because: 'no flag sets it beyond what other rules judge',
      where: packages,
      source: flags,
    },
    {
      rules: ['no-debug-leak', 'no-dangerous-imports', 'no-dlopen-surprise'],
      level: 'off',
      because:
        "it is a matter of the program's source or packaging, which no flag of the distribution promises",
      where: packages,
      source: flags,
    },
  ],
  gate: {},
});
