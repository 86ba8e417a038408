import { defineRule, fail, kindsOf, notPrograms, pass } from '../../src/judge/rule.ts';

export default defineRule({
  title: 'The program is not packed',
  severity: 'medium',
  securitySeverity: 5.5,
  cwe: [506, 1104],
  since: '0.1.0',
  rationale: `
A packer such as UPX compresses a program and puts a stub in front of it that unpacks it into memory at every start.
Nobody can see what is shipped then: virus scanners, vulnerability scanners, SBOM tools and this linter find the stub
and nothing
else. The program also loses protection. The stub maps memory that it writes and then executes, symbol tables and
\`PT_GNU_RELRO\` are gone, and the unpacked pages are private to each process, so they cost memory many times over.
Malware is packed for the first reason, so a packed file in an image makes every malware alert hard to dismiss.`,
  evidence: `
UPX lays a program out as its \`l_info\` block behind the program headers, a chain of compressed blocks and the stub that
unpacks them, where the program is entered. The magic \`UPX!\` alone is not proof, since anyone can write it: the chain has to
hold up to the entry point, to look like compressed data and to leave no more executable bytes than a stub has. A chain
that begins this way and leads elsewhere was cut or broken: the rule is undecided by damage. Rules about a packed
program say \`unknown\`; what headers show (\`pie\`, \`non-executable-stack\`, \`no-writable-code\`) is judged as usual.

    readelf -lW FILE                      # two PT_LOAD, no sections, no PT_DYNAMIC
    head -c 1024 FILE | strings | grep UPX
    upx -t FILE`,
  remediation: {
    image: `
Ship the program unpacked. Layers are compressed when they are stored and transferred, so packing saves no space in a registry. To
make a program small, strip it (\`strip\`, \`go build -ldflags '-s -w'\`, \`cargo build --release\` with \`strip = true\`).
For a program that is only available packed, \`upx -d FILE\` restores it.`,
    go: 'Remove the `upx` step from the build; `go build -trimpath -ldflags "-s -w"` leaves out symbols and debug information.',
    rustc:
      'Remove the `upx` step; in `Cargo.toml` set `strip = true`, `lto = true` and `codegen-units = 1` for the release profile.',
  },
  references: ['https://upx.github.io/', 'https://attack.mitre.org/techniques/T1027/002/'],
  exempt: {
    ...notPrograms,
    object: 'an object file is not run',
    ...kindsOf(['kernel-code'], 'kernels are packed by their own build'),
    'kernel-module': 'the kernel loads no packed modules',
  },
  judgesPacked: true,
  samples: {
    pass: [
      'x86_64-glibc-gcc-pie-hardened',
      'x86_64-musl-gcc-staticpie-strong-nosections',
      'aarch64-glibc-gcc-pie-hardened',
      'aarch64-musl-gcc-pie-alpine',
    ],
    fail: [
      'x86_64-musl-gcc-static-packed',
      'x86_64-musl-gcc-staticpie-packed',
      'aarch64-musl-gcc-static-packed',
    ],
    unknown: ['x86_64-none-gcc-staticpie-cut', 'aarch64-glibc-gcc-pie-truncated'],
    'not-applicable': [
      'x86_64-glibc-gcc-pie-truncated',
      'x86_64-glibc-gcc-object-hardened',
      'x86_64-none-core',
      'x86_64-glibc-gcc-debugonly',
    ],
  },
  needs: ['packer'],
  check({ packer }) {
    if (packer === null)
      return pass('holds its own code, not an unpacking stub', [
        { what: 'compressed blocks of UPX up to the entry point', saw: 'none' },
      ]);
    return fail(`is packed by ${packer.name}: its content cannot be seen`, packer.evidence);
  },
});
