import { defineRule, fail, kindsOf, notApplicable, notLoaded, pass } from '../../src/judge/rule.ts';

export default defineRule({
  title: 'The loader loads no code besides the needed libraries',
  severity: 'medium',
  otherSeverities: ['low'],
  securitySeverity: 5.0,
  cwe: [427, 829],
  since: '0.1.0',
  rationale: `
Four tags make glibc's loader load or consult files that no list of dependencies shows. DT_AUDIT and DT_DEPAUDIT name
libraries that are loaded before everything else and are called at every library load and symbol binding: profilers use
them, and attackers use them to hide in a program (MITRE ATT&CK T1574.006). DT_FILTER and DT_AUXILIARY replace the
symbols
of a library by those of another file.

\`-z nodlopen\` is the opposite: a library so linked refuses to be loaded by dlopen. The verdict notes it.`,
  evidence: `
DT_AUDIT and DT_DEPAUDIT weigh medium, DT_FILTER and DT_AUXILIARY low. glibc honours all four (DT_AUDIT and DT_DEPAUDIT
of programs since 2.32); musl ignores them, which the message says. DF_1_NOOPEN (0x40) in DT_FLAGS_1 is \`-z nodlopen\`.

\`readelf -dW FILE | grep -iE 'audit|filter|auxiliary|NOOPEN'\` shows them.`,
  remediation: {
    gcc: 'Link without `-Wl,--audit`, `-Wl,-P`/`--depaudit`, `-Wl,-F`/`--filter` and `-Wl,-f`/`--auxiliary`; audit a program with the environment variable LD_AUDIT instead, where it is wanted.',
    clang:
      'Link without `-Wl,--filter` and `-Wl,--auxiliary`, and without `-Wl,--audit` where GNU ld links.',
    cmake:
      'Remove these options from LINK_OPTIONS, CMAKE_EXE_LINKER_FLAGS and CMAKE_SHARED_LINKER_FLAGS.',
    image:
      'If your project did not add the tag, treat the file as manipulated: compare it with its package.',
  },
  references: [
    'https://man7.org/linux/man-pages/man7/rtld-audit.7.html',
    'https://attack.mitre.org/techniques/T1574/006/',
    'https://sourceware.org/binutils/docs/ld/Options.html',
    'https://best.openssf.org/Compiler-Hardening-Guides/Compiler-Options-Hardening-Guide-for-C-and-C++.html',
  ],
  exempt: {
    ...notLoaded,
    ...kindsOf(['kernel-code'], 'no loader reads the kernel'),
    'kernel-module': 'no loader reads modules',
  },
  samples: {
    pass: [
      'x86_64-glibc-gcc-pie-hardened',
      'x86_64-musl-gcc-pie-alpine',
      'aarch64-glibc-gcc-pie-hardened',
      'aarch64-musl-gcc-pie-alpine',
    ],
    fail: ['x86_64-glibc-gcc-pie-audit', 'x86_64-glibc-gcc-lib-filter'],
    unknown: ['x86_64-musl-gcc-static-packed'],
    'not-applicable': [
      'x86_64-none-gcc-static-tiny',
      'aarch64-musl-gcc-static-none-stripped',
      'x86_64-glibc-gcc-object-hardened',
    ],
  },
  needs: ['dynamicTags', 'linking', 'libc'],
  check({ dynamicTags: { loads, refusesDlopen }, linking, libc }) {
    const evidence = loads.map(({ tag, name, offset }) => ({
      what: tag,
      saw: name,
      ...(offset === null ? {} : { offset }),
    }));
    const worst = loads.find(({ tag }) => tag === 'DT_AUDIT' || tag === 'DT_DEPAUDIT') ?? loads[0];
    if (worst !== undefined) {
      const audits = worst.tag === 'DT_AUDIT' || worst.tag === 'DT_DEPAUDIT';
      const does = audits ? 'watches every load and binding' : 'takes the place of its symbols';
      const ignored = libc.name === 'musl' ? ', though musl ignores it' : '';
      const severity = audits && libc.name !== 'musl' ? 'medium' : 'low';
      return fail(`${worst.tag} names "${worst.name}", which ${does}${ignored}`, evidence, {
        severity,
      });
    }
    if (linking.how === 'static')
      return notApplicable('no loader reads the tags of a static program');
    const nodlopen = { what: 'DF_1_NOOPEN (-z nodlopen)', saw: refusesDlopen ? 'set' : 'not set' };
    const note = refusesDlopen ? '; dlopen refuses the file' : '';
    return pass(`the dynamic section names no audit or filter library${note}`, [nodlopen]);
  },
});
