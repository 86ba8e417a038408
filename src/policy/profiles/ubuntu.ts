import { defineProfile } from '../profile.ts';
import { exceptIn, linkedByGo, linkedStatic, parametersOnly, plainAgain } from './promises/gcc.ts';

const flags = 'https://wiki.ubuntu.com/ToolChain/CompilerFlags';
const security = 'https://wiki.ubuntu.com/Security/Features';

const packages = { promised: 'as named' as const, os: { id: ['ubuntu'] } };
const before = (release: string) => ({
  promised: 'as named' as const,
  os: { id: ['ubuntu'], before: release },
});

export default defineProfile({
  summary: "What the defaults of Ubuntu's compiler promise, by release and machine",
  explanation: `For images built on Ubuntu. Files of its packages are judged by the defaults that its gcc has beyond dpkg-buildflags: PIE
and immediate binding since 16.10, stack probes and control-flow protection since 19.10. What they do not promise is not
required. Files without a package are yours, and judged by the rules alone. This is what Ubuntu publishes: it was not
tried on a stock system.`,
  expectations: [
    {
      rules: ['pie', 'bind-now'],
      level: 'off',
      because: "PIE and -z now are defaults of Ubuntu's gcc since 16.10",
      where: before('16.10'),
      source: security,
    },
    {
      rules: ['relro'],
      level: 'off',
      because:
        'without -z now, which is a default since 16.10, RELRO cannot cover slots that are bound late',
      where: { ...before('16.10'), facts: { 'relro.state': ['partial'] } },
      source: security,
    },
    {
      rules: ['stack-clash-protection', 'control-flow-protection'],
      level: 'off',
      because:
        "-fstack-clash-protection and -fcf-protection are defaults of Ubuntu's gcc since 19.10",
      where: before('19.10'),
      source: flags,
    },
    {
      rules: ['control-flow-protection'],
      level: 'off',
      because: 'no flag sets it on this machine',
      where: { ...packages, machine: ['i386', 'arm', 'ppc64le', 's390x', 'riscv64'] },
      source: flags,
    },
    {
      rules: ['control-flow-protection'],
      level: 'off',
      because: '-mbranch-protection=standard is a default on this machine since 24.04',
      where: { ...before('24.04'), machine: ['aarch64'] },
      source: flags,
    },
    {
      rules: ['stack-clash-protection'],
      level: 'off',
      because: 'no flag sets it on this machine',
      where: { ...packages, machine: ['riscv64'] },
      source: flags,
    },
    exceptIn(packages, linkedStatic),
    exceptIn(packages, linkedByGo),
    exceptIn(packages, plainAgain),
    {
      rules: ['fortify-source'],
      level: 'off',
      because: 'the C library is not built with the checks that it provides to others',
      where: { ...packages, package: ['libc6', 'libc6-*', 'libc-bin', 'libc-dev-bin', 'nscd'] },
      source: 'https://sourceware.org/glibc/manual/latest/html_node/Source-Fortification.html',
    },
    exceptIn(packages, parametersOnly),
    {
      rules: ['separate-code', 'compiler-flags'],
      level: 'off',
      because: 'no flag sets it beyond what other rules judge',
      where: packages,
      source: flags,
    },
    {
      rules: ['no-debug-leak', 'no-dangerous-imports', 'no-dlopen-surprise', 'build-id'],
      level: 'off',
      because:
        "it is a matter of the program's source or packaging, which no flag of the distribution promises",
      where: packages,
      source: security,
    },
  ],
  gate: {},
});
