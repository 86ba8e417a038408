import {
  defineRule,
  fail,
  kindsOf,
  notApplicable,
  notPrograms,
  pass,
  unknown,
} from '../../src/judge/rule.ts';

export default defineRule({
  title: 'Kernel code takes no branch that an attacker can train',
  severity: 'medium',
  securitySeverity: 5.6,
  cwe: [1423],
  since: '0.2.0',
  rationale: `
Processors predict where an indirect branch leads. An attacker who trains the prediction makes the kernel run code of
their choice for a moment, and can read from the cache what that code touched (Spectre variant 2). Kernels for x86 are
compiled so that each
indirect branch goes through a retpoline, or can be patched to do so. One module without them makes the kernel
vulnerable again: the kernel warns when it loads the module, reports \`Vulnerable\` from then on, and loads it anyway.`,
  evidence: `
A module says \`retpoline=Y\` in \`.modinfo\`, and both it and the kernel carry the lists \`.retpoline_sites\` and
\`.return_sites\` of the places to patch. Nothing is known about a kernel without these lists: they were added in Linux 5.16.

    modinfo -F retpoline FILE.ko
    readelf -SW FILE | grep -E 'retpoline|return_sites'`,
  remediation: {
    gcc: 'Build the module by the build system of its kernel (`make -C /lib/modules/VERSION/build M=$PWD`), which adds `-mindirect-branch=thunk-extern` for a kernel with CONFIG_RETPOLINE (CONFIG_MITIGATION_RETPOLINE).',
    clang: 'The same with `LLVM=1`: it adds `-mretpoline-external-thunk`.',
    debian: 'Rebuild the module by DKMS against the headers of the running kernel.',
    alpine: 'Build the module as a package against `linux-lts-dev`.',
  },
  references: [
    'https://docs.kernel.org/admin-guide/hw-vuln/spectre.html',
    'https://github.com/torvalds/linux/commit/caf7501a1b4ec964190f31f9c3f163de252273b8',
  ],
  exempt: {
    ...notPrograms,
    ...kindsOf(['program', 'static-program'], 'a program is not kernel code'),
    ...kindsOf(['library'], 'a library is not kernel code'),
    ...kindsOf(['loader'], 'a loader is not kernel code'),
    object: 'an object file is not known to be kernel code',
    core: 'a core file is not kernel code',
  },
  samples: {
    pass: ['x86_64-none-gcc-module-retpoline'],
    fail: ['x86_64-none-gcc-module-bare'],
    unknown: ['x86_64-none-gcc-kernel-tiny'],
    'not-applicable': [
      'x86_64-none-gcc-static-writescode',
      'aarch64-none-gcc-module-protected',
      'x86_64-glibc-gcc-pie-hardened',
      'x86_64-none-core',
    ],
  },
  needs: ['kernelCode', 'machine'],
  check({ kernelCode, machine }) {
    if (kernelCode === null) return notApplicable('it is not kernel code');
    if (!['x86-64', 'i386'].includes(machine.name))
      return notApplicable(`retpolines are for x86, and this is ${machine.name}`);
    const { module, retpoline, evidence } = kernelCode;
    if (retpoline === 'built') return pass('its indirect branches are retpolines', evidence);
    if (module === null)
      return unknown('the kernel has no lists of retpolines, as none before Linux 5.16 had');
    return fail('the module was built without retpolines', [
      { what: '.modinfo retpoline', saw: module.retpoline || 'none' },
    ]);
  },
});
