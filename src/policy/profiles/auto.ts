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
  summary: 'By what each file is: the promises of its distribution, else the rules (the default)',
  explanation: `For any image. Files of the distribution's packages are judged by what Alpine, Debian, Fedora, Red Hat or Ubuntu promises
for the release that os-release and the C library name, and for the machine of the file: what is as promised is counted, and what
deviates is a finding. Deviations of stock systems that are known are notes. All other files are judged by the rules with their
own severities, and so is what packages of other distributions bring: nobody wrote down what those promise.`,
  // Nobody promised anything for a package that somebody else made: its name alone is no reason to expect less of it.
  expectations: [
    ...alpine.expectations,
    ...debian.expectations,
    ...fedora.expectations,
    ...ubuntu.expectations,
  ].map(({ where, ...rest }) => ({ ...rest, where: byMaker(where) })),
  gate: {},
});
