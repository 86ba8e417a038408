import {
  defineRule,
  fail,
  kindsOf,
  notApplicable,
  notPrograms,
  pass,
  type Severity,
  unknown,
  worst,
} from '../../src/judge/rule.ts';

const severityOf: Readonly<Record<string, Severity>> = {
  'unbounded input': 'high',
  'unbounded output': 'medium',
  'predictable name': 'medium',
  'trust by address': 'low',
};

export default defineRule({
  title: 'No function is called that cannot be used safely',
  severity: 'medium',
  otherSeverities: ['high', 'low'],
  securitySeverity: 6.0,
  cwe: [242, 120, 377, 291, 676],
  since: '0.1.0',
  rationale: `
Most functions of the C library are safe with the right arguments. These are not, whatever the arguments:

- \`gets\` reads a line of any length into a buffer of unknown size: anyone who controls the input can overflow it. C11 removed it.
- \`getwd\` writes a path of any length in the same way.
- \`mktemp\`, \`tmpnam\` and \`tempnam\` only name a file. Between the name and its creation another user can put a link there, so that
  the program opens, overwrites or trusts a file of the attacker's choice.
- \`rcmd\`, \`rexec\` and \`ruserok\` trust anyone who can send from an address, and send passwords in the clear.`,
  evidence: `
Undefined dynamic symbols of these names (in an object file: of \`.symtab\`). In a static program, \`.symtab\` is used:
a linker takes a function from \`libc.a\` only if something calls it. A program that is static and stripped does not
show its calls. Functions that are safe
with the right arguments (\`strcpy\`, \`sprintf\`, \`system\` ...) are listed, and never fail: a binary does not show what they are called with.

    readelf -W --dyn-syms FILE | grep -wE 'UND (gets|getwd|mktemp|tmpnam|tempnam|rcmd|rexec|ruserok)'`,
  remediation: {
    gcc: `
Replace \`gets\` by \`fgets\` or \`getline\`, \`getwd\` by \`getcwd\`, \`mktemp\`, \`tmpnam\` and \`tempnam\` by \`mkstemp\`, \`mkdtemp\` or \`tmpfile\`, and
\`rcmd\` and \`rexec\` by SSH. The linker names each use: \`warning: the 'gets' function is dangerous and should not be used\`; \`-Wl,--fatal-warnings\`
makes it an error.`,
    clang:
      'The same replacements; `clang-tidy -checks=-*,clang-analyzer-security.insecureAPI.*` names each use.',
    go: 'Calls come from C code behind cgo: look for `C.mktemp`, and at the libraries it links.',
    rustc:
      'Calls come from C code of a `-sys` crate, or from the `libc` crate: use the `tempfile` crate.',
  },
  references: [
    'https://man7.org/linux/man-pages/man3/gets.3.html',
    'https://man7.org/linux/man-pages/man3/tmpnam.3.html',
    'https://wiki.sei.cmu.edu/confluence/display/c/MSC24-C.+Do+not+use+deprecated+or+obsolescent+functions',
    'https://wiki.sei.cmu.edu/confluence/display/c/FIO21-C.+Do+not+create+temporary+files+in+shared+directories',
  ],
  exempt: {
    ...notPrograms,
    loader: 'a dynamic loader takes no functions from others',
    ...kindsOf(['kernel-code'], 'the kernel has no such functions'),
  },
  samples: {
    pass: [
      'x86_64-glibc-gcc-pie-hardened',
      'x86_64-musl-gcc-pie-alpine',
      'aarch64-glibc-gcc-pie-hardened',
      'aarch64-musl-gcc-pie-alpine',
    ],
    fail: [
      'aarch64-musl-gcc-pie-dangerous',
      'x86_64-glibc-gcc-pie-dangerous',
      'x86_64-musl-gcc-pie-dangerous',
      'aarch64-glibc-gcc-pie-dangerous',
    ],
    unknown: [
      'x86_64-musl-gcc-staticpie-strong-stripped',
      'aarch64-musl-gcc-staticpie-strong-nosections',
    ],
    'not-applicable': [
      'x86_64-none-gcc-static-tiny',
      'x86_64-none-go-static-stripped',
      'x86_64-musl-gcc-loader',
      'x86_64-none-core',
    ],
  },
  needs: ['dangerousImports', 'libc'],
  degree({ dangerousImports: { unsafe } }) {
    return unsafe.length === 0 ? null : { faults: unsafe.map(({ name }) => name).toSorted() };
  },
  check({ dangerousImports, libc }) {
    const { unsafe, delicate, seenIn } = dangerousImports;
    if (libc.name === 'none') return notApplicable('uses no C library', libc.evidence);
    if (seenIn === null)
      return unknown('a static program without .symtab does not name what it calls');
    if (unsafe.length === 0) {
      const rest =
        delicate.length === 0 ? '' : `; safe only with the right arguments: ${delicate.join(', ')}`;
      return pass(`calls nothing that is never safe${rest}`, [
        { what: seenIn, saw: 'none of these names' },
      ]);
    }
    const named = unsafe.map(({ name, danger }) => `${name} (${danger})`);
    const found = unsafe.map(({ danger }) => ({ severity: severityOf[danger] ?? 'medium' }));
    return fail(
      `calls ${named.join(', ')}`,
      unsafe.map(({ name }) => ({ what: `name in ${seenIn}`, saw: name })),
      { severity: worst(found)?.severity ?? 'medium' },
    );
  },
});
