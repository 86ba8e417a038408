import type { Selector } from '../policy.ts';
import { defineProfile } from '../profile.ts';
import alpine from './alpine.ts';
import debian from './debian.ts';
import fedora from './fedora.ts';
import ubuntu from './ubuntu.ts';

function byMaker(where: Selector): Selector {
  return where.promised === undefined ? where : { ...where, promised: 'by its maker' };
}

export default defineProfile({
  summary: 'The promises of its distribution for each file, else the rules (the default)',
  explanation: `For any image. Files of the distribution's packages are judged by what Alpine, Debian, Fedora, Red Hat or Ubuntu promises
for the release that os-release and the C library name, and for the machine of the file. Files that deviate from a
promise are findings; known deviations of stock systems are notes. All other files are judged by the rules with their
own severities, and so are files of packages of other distributions, whose promises are not published.`,
  // A package that others built has no promises: its name alone is not a reason to expect less of it.
  expectations: [
    ...alpine.expectations,
    ...debian.expectations,
    ...fedora.expectations,
    ...ubuntu.expectations,
  ].map(({ where, ...rest }) => ({ ...rest, where: byMaker(where) })),
  gate: {},
});
