import { defineProfile } from '../profile.ts';

const abuild = 'https://gitlab.alpinelinux.org/alpine/abuild/-/blob/master/default.conf';
const gcc = 'https://gitlab.alpinelinux.org/alpine/aports/-/tree/master/main/gcc';
const aports = 'https://gitlab.alpinelinux.org/alpine/aports/-/tree/master/main/musl';

const packages = { promised: 'as named' as const, os: { id: ['alpine'] } };
const before = (release: string) => ({
  promised: 'as named' as const,
  os: { id: ['alpine'], before: release },
});

export default defineProfile({
  summary: "What Alpine's own compiler and abuild promise, by release and machine",
  explanation: `For images built on Alpine. Files of Alpine's packages are judged by what its compiler and its build tool
promise: PIE, full RELRO, stack-protector-strong and a non-executable stack in every release, and stack probes and build
ids since 3.19. What they do not promise is not required. Files without a package are yours, and judged by the rules alone.`,
  expectations: [
    {
      rules: ['control-flow-protection'],
      level: 'off',
      because:
        "Alpine's gcc is configured with --disable-cet, and abuild sets no branch protection",
      where: packages,
      source: gcc,
    },
    {
      rules: ['stack-clash-protection', 'build-id'],
      level: 'off',
      because: 'abuild sets -fstack-clash-protection and --build-id since 3.19 only',
      where: before('3.19'),
      source: abuild,
    },
    {
      rules: ['stack-clash-protection'],
      level: 'off',
      because: 'musl itself has been built without it in every release so far',
      where: { ...packages, package: ['musl'] },
      source: aports,
    },
    {
      rules: ['separate-code'],
      level: 'off',
      because: 'it is the default of GNU ld on x86 only, and there since binutils 2.31',
      where: packages,
      source: 'https://sourceware.org/binutils/docs/ld/Options.html',
    },
    {
      rules: ['compiler-flags'],
      level: 'off',
      because:
        'abuild sets none of the options that the rule looks for beyond those that other rules judge',
      where: packages,
      source: abuild,
    },
    {
      rules: ['no-debug-leak', 'no-dangerous-imports', 'no-dlopen-surprise'],
      level: 'off',
      because:
        "it is a matter of the program's source or packaging, which no flag of the distribution promises",
      where: packages,
      source: abuild,
    },
  ],
  gate: {},
});
