import { rules } from '../../rules/index.ts';
import { UsageError } from '../../src/base/errors.ts';
import type { Report } from '../../src/report/report.ts';
import { reporters } from '../../src/reporters/index.ts';
import json from '../../src/reporters/json.ts';
import { readReport } from '../../src/saved-report/read-report.ts';
import { sampleReport } from '../../test/support/reports/sample-report.ts';
import { mutateBytes, wholeOf } from '../mutate-bytes.ts';
import { mutateJson } from '../mutate-json.ts';
import { lazily } from '../samples.ts';
import { holds, type Subject } from '../subject.ts';

const options = {
  color: false,
  width: 80,
  all: true,
  suppressions: true,
  verbose: false,
  packages: false,
  groupBy: null,
  toolchain: null,
  rules,
  alertLocation: null,
};
const sound = lazily(() => [...json.render(sampleReport, options)].join(''));

/** Saved reports, edited by hand or by somebody else: refused in a sentence, or rendered by every reporter. */
export default {
  name: 'report',
  make(random) {
    const text = Buffer.from(sound());
    const bytes = random.oneIn(4)
      ? mutateBytes(text, [wholeOf(text)], random)
      : Buffer.from(JSON.stringify(mutateJson(JSON.parse(sound()), random)) ?? '');
    return { bytes, origin: '', isDamaged: false };
  },
  async check({ bytes }) {
    const report = read(bytes);
    if (report === null) return;
    for (const load of Object.values(reporters)) {
      const reporter = await load();
      const text = [...reporter.render(report, options)].join('');
      holds(text === [...reporter.render(report, options)].join(''), () => {
        return `${reporter.format} renders the same report in two ways`;
      });
    }
  },
} satisfies Subject;

function read(bytes: Buffer): Report | null {
  try {
    return readReport(bytes.toString());
  } catch (error) {
    if (error instanceof UsageError) return null;
    throw error;
  }
}
