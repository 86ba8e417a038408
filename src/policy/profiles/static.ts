import { defineProfile } from '../profile.ts';

const staticKinds = ['static-executable', 'static-pie'] as const;

export default defineProfile({
  summary: 'Images of static programs: scratch, distroless/static',
  explanation: `For images that hold a program or two and no libraries. A static program has to be a static PIE, which is the only way
for its address to change; a program that needs a loader or a library has no place in such an image, and what an executable has
to bring itself (RELRO over its own tables, canaries) is asked of it as of others.`,
  expectations: [
    {
      rules: ['pie'],
      level: 'high',
      because: 'a static program is linked at a fixed address unless -static-pie asks otherwise',
      where: { kind: staticKinds },
      source: 'https://gcc.gnu.org/onlinedocs/gcc/Link-Options.html',
    },
    {
      rules: ['loadable', 'musl-linkage'],
      level: 'critical',
      because: 'without a loader and libraries in the image the program does not start',
      where: {},
      source: 'https://github.com/GoogleContainerTools/distroless/blob/main/base/README.md',
    },
    {
      rules: ['bind-now'],
      level: 'off',
      because: 'a static program has nothing that is bound late',
      where: { kind: staticKinds },
      source: 'https://man7.org/linux/man-pages/man8/ld.so.8.html',
    },
  ],
  gate: {},
});
