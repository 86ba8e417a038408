import {
  defineRule,
  fail,
  isOlder,
  kindsOf,
  notApplicable,
  notPrograms,
  pass,
} from '../../src/judge/rule.ts';

/** The first kernel that reads PKCS #7 alone. */
const sincePkcs7 = '4.3';

export default defineRule({
  title: 'Kernel modules are signed',
  severity: 'low',
  securitySeverity: 3.9,
  cwe: [347],
  since: '0.2.0',
  rationale: `
A module is code of the kernel. With signatures, a kernel can refuse modules that its builder did not make (\`module.sig_enforce=1\`,
\`CONFIG_MODULE_SIG_FORCE\`, lockdown, which Secure Boot turns on in most distributions): an attacker who became root cannot
load a rootkit. One unsigned module that a system needs is the reason to switch that off for all; where it stays on, the module is
not loaded. Without enforcement, an unsigned module taints the kernel.`,
  evidence: `
A signature is appended to the file: PKCS #7 data, 12 bytes that describe it, and the text \`~Module signature appended~\`
(include/linux/module_signature.h). The verdict checks what a kernel checks before it looks at the signature: kernels since 4.3 take
PKCS #7 alone, and those before it a key identifier; the version is that of \`vermagic\`. Whether a key of the kernel made the signature
cannot be seen in the module. \`strip\` removes the signature.

    modinfo -F signer FILE.ko
    tail -c 28 FILE.ko`,
  remediation: {
    gcc: 'Sign after `strip`, as the last step: `/lib/modules/VERSION/build/scripts/sign-file sha512 KEY.pem CERT.x509 FILE.ko`, with a key that the kernel knows (built in, or enrolled by `mokutil --import`).',
    debian:
      'DKMS signs with the key of the machine: `/var/lib/dkms/mok.key`, enrolled by `mokutil --import /var/lib/dkms/mok.pub`.',
  },
  references: [
    'https://docs.kernel.org/admin-guide/module-signing.html',
    'https://github.com/torvalds/linux/blob/master/kernel/module_signature.c',
  ],
  exempt: {
    ...notPrograms,
    ...kindsOf(
      ['program', 'static-program', 'library', 'loader'],
      (called) => `${called} is not a kernel module`,
    ),
    object: 'an object file is not known to be a kernel module',
    kernel: 'the kernel is signed by what boots it',
  },
  samples: {
    pass: ['x86_64-none-gcc-module-signed'],
    fail: ['x86_64-none-gcc-module-bare', 'x86_64-none-gcc-module-badsignature'],
    'not-applicable': ['x86_64-none-gcc-kernel-tiny', 'x86_64-glibc-gcc-pie-hardened'],
  },
  needs: ['kernelCode'],
  check({ kernelCode }) {
    const module = kernelCode?.module ?? null;
    if (module === null) return notApplicable('it is not a kernel module');
    const { signature, vermagic } = module;
    const evidence = [
      { what: 'signature', saw: signature },
      ...(vermagic === '' ? [] : [{ what: '.modinfo vermagic', saw: vermagic }]),
    ];
    switch (signature) {
      case 'none':
        return fail('it is not signed', evidence);
      case 'malformed':
        return fail(
          'its end says that it is signed, and no kernel can read the signature',
          evidence,
        );
      case 'key identifier':
        return readsKeyIdentifiers(vermagic)
          ? pass('a signature follows the module', evidence)
          : fail(
              'its signature is of the form before Linux 4.3, which its kernel does not read',
              evidence,
            );
      case 'pkcs7':
        return pass('a signature follows the module', evidence);
    }
  },
});

function readsKeyIdentifiers(vermagic: string): boolean {
  const version = /^\d+\.\d+/.exec(vermagic)?.[0];
  return version !== undefined && isOlder(version, sincePkcs7);
}
