import { defineProfile } from '../profile.ts';

const guide =
  'https://best.openssf.org/Compiler-Hardening-Guides/Compiler-Options-Hardening-Guide-for-C-and-C++.html';

export default defineProfile({
  summary: "What the OpenSSF's compiler options hardening guide recommends",
  explanation: `For C and C++ that you build yourself. Every option that the guide recommends and that an ELF file can show counts
as medium or more, and findings of severity medium or above break the gate. Options that only a compiler sees
(\`-Wall\`, \`-Wformat=2\`, \`-Werror=implicit\`) and those that leave no trace in machine code (\`-fno-strict-aliasing\`,
\`-fno-strict-overflow\`, \`-fno-delete-null-pointer-checks\`) are judged by \`compiler-flags\`, where the build recorded them.`,
  expectations: [
    {
      rules: ['pie', 'relro', 'bind-now', 'non-executable-stack', 'stack-protector'],
      level: 'high',
      because:
        'the guide recommends -fPIE -pie, -Wl,-z,relro,-z,now, -Wl,-z,noexecstack and -fstack-protector-strong',
      where: {},
      source: guide,
    },
    {
      rules: ['relro'],
      level: 'low',
      because:
        'the guide does not speak of kernels with larger pages, and with the smallest ones RELRO is full',
      where: { facts: { 'relro.state': ['full'] } },
      source: guide,
    },
    {
      rules: ['fortify-source', 'stack-clash-protection', 'control-flow-protection'],
      level: 'medium',
      because:
        'the guide recommends -D_FORTIFY_SOURCE=3, -fstack-clash-protection, -fcf-protection=full and -mbranch-protection=standard',
      where: {},
      source: guide,
    },
    {
      rules: ['control-flow-protection'],
      level: 'note',
      because:
        'musl has no support for it, and the guide names it for processors and systems that have',
      where: { facts: { 'libc.name': ['musl'] } },
      source: guide,
    },
    {
      rules: ['no-text-relocations', 'no-writable-code'],
      level: 'high',
      because: 'both follow from -fPIC and -fPIE, and undo what -z noexecstack is for',
      where: {},
      source: guide,
    },
    {
      rules: ['no-dlopen-surprise'],
      level: 'note',
      because: 'the guide recommends -Wl,-z,nodlopen only where it fits the library',
      where: {},
      source: guide,
    },
    {
      rules: ['compiler-flags'],
      level: 'medium',
      because:
        'the guide recommends -ftrivial-auto-var-init=zero, -fstrict-flex-arrays=3 and optimisation, and names what must not be given',
      where: {},
      source: guide,
    },
  ],
  gate: { failOn: 'medium' },
});
