import { defineProfile } from '../profile.ts';
import {
  exceptIn,
  lateSlotsOnly,
  linkedByGo,
  linkedStatic,
  parametersOnly,
  plainAgain,
} from './promises/gcc.ts';
import { deviationsOfDebian } from './promises/known-deviations.ts';

const flags = 'https://manpages.debian.org/bookworm/dpkg-dev/dpkg-buildflags.1.en.html';
const trixieFlags = 'https://manpages.debian.org/trixie/dpkg-dev/dpkg-buildflags.1.en.html';
const hardening = 'https://wiki.debian.org/Hardening';

const packages = { promised: 'as named' as const, os: { id: ['debian'] } };
const before = (release: string) => ({
  promised: 'as named' as const,
  os: { id: ['debian'], before: release },
});

export default defineProfile({
  summary: 'What the flags of dpkg-buildflags promise, by release and machine',
  explanation: `For images built on Debian. Files of Debian's packages are judged by the flags that dpkg-buildflags gives every
package by default, and by gcc's own default of PIE since Debian 9: PIE, RELRO (which without \`-z now\` is partial),
stack-protector-strong, _FORTIFY_SOURCE=2 and a non-executable stack; stack probes and branch protection since Debian
13. What they do not promise is not required. Files without a package are yours, and judged by the rules alone.`,
  expectations: [
    {
      rules: ['bind-now'],
      level: 'off',
      because: 'hardening=+bindnow is not a default: a package has to set it',
      where: packages,
      source: flags,
    },
    {
      rules: ['relro'],
      level: 'off',
      because:
        'without -z now, which is not a default, RELRO cannot cover slots that are bound late',
      where: { ...packages, facts: { 'relro.state': ['partial'] } },
      source: flags,
    },
    {
      rules: ['pie'],
      level: 'off',
      because: 'PIE is a default of gcc since Debian 9',
      where: before('9'),
      source: 'https://wiki.debian.org/Hardening/PIEByDefaultTransition',
    },
    {
      rules: ['stack-clash-protection', 'control-flow-protection'],
      level: 'off',
      because: 'stackclash and branch are features of dpkg-buildflags since Debian 13',
      where: before('13'),
      source: trixieFlags,
    },
    {
      rules: ['control-flow-protection'],
      level: 'off',
      because: "Debian's start files carry no property note, so that no program can enforce it",
      where: { ...packages, machine: ['x86-64'] },
      source: trixieFlags,
    },
    {
      rules: ['stack-clash-protection', 'control-flow-protection'],
      level: 'off',
      because: 'dpkg-buildflags enables neither on this machine',
      where: {
        ...packages,
        machine: ['i386', 'riscv64', 'ppc64le', 's390x', 'mips64el', 'mipsel', 'loongarch64'],
      },
      source: trixieFlags,
    },
    {
      rules: ['privileged-hardening'],
      level: 'off',
      because: 'everything that it lacks follows from -z now, which is not a default',
      where: {
        ...packages,
        facts: { 'loadAddress.chosenBy': ['loader'], 'stackSegment.executable': [false] },
      },
      source: flags,
    },
    exceptIn(packages, linkedStatic),
    exceptIn(packages, lateSlotsOnly),
    exceptIn(packages, linkedByGo),
    exceptIn(packages, plainAgain),
    {
      rules: ['fortify-source'],
      level: 'off',
      because: 'the C library is not built with the checks that it provides to others',
      where: { ...packages, package: ['libc6', 'libc6-*', 'libc-bin', 'libc-dev-bin', 'nscd'] },
      source: 'https://sourceware.org/glibc/manual/latest/html_node/Source-Fortification.html',
    },
    {
      rules: ['stack-protector'],
      level: 'off',
      because: 'it is written in assembly, which no compiler flag changes',
      where: { ...packages, package: ['libc6'], path: ['libmvec.so.*'] },
      source: 'https://sourceware.org/glibc/wiki/libmvec',
    },
    exceptIn(packages, parametersOnly),
    {
      rules: ['separate-code'],
      level: 'off',
      because: 'it is the default of GNU ld on x86 only',
      where: packages,
      source: 'https://sourceware.org/binutils/docs/ld/Options.html',
    },
    {
      rules: ['compiler-flags'],
      level: 'off',
      because:
        'dpkg-buildflags gives none of the options that the rule looks for beyond those that other rules judge',
      where: packages,
      source: flags,
    },
    {
      rules: ['no-debug-leak', 'no-dangerous-imports', 'no-dlopen-surprise', 'build-id'],
      level: 'off',
      because:
        "it is a matter of the program's source or packaging, which no flag of the distribution promises",
      where: packages,
      source: hardening,
    },
    ...deviationsOfDebian(),
  ],
  gate: {},
});
