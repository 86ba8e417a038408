import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { rules } from '../../rules/index.ts';
import { plainPolicy } from '../../src/policy/policy.ts';
import type { Report } from '../../src/report/report.ts';
import { scan } from '../../src/scan/scan.ts';
import { plainInput } from '../../src/scan/scan-options.ts';
import { hostileNames } from '../support/reports/hostile-names.ts';
import { render } from '../support/reports/render.ts';
import { binary, report, target, verdict } from '../support/reports/report-builder.ts';
import { sampleReport } from '../support/reports/sample-report.ts';
import { repositoryRoot } from '../support/repository.ts';

const multitool = dirname(createRequire(import.meta.url).resolve('@microsoft/sarif-multitool-ts'));

/** Independent of the code that writes: the OASIS schema as SARIF's own tools have it, and our published one. */
const schemas = {
  sarif: join(multitool, '../assets/sarif-2.1.0.schema.json'),
  json: join(repositoryRoot, 'schema/report.schema.json'),
};

const reports: Readonly<Record<string, Report>> = {
  sample: sampleReport,
  'real image': await scan([join(repositoryRoot, 'samples/images/alpine-app.docker.tar')], {
    input: plainInput,
    judging: { rules, policy: plainPolicy() },
    running: { jobs: 1 },
  }),
  empty: report([]),
  'without binaries': report([target({ digest: null, platform: null, layers: [] })]),
  'several targets': report([target({}), target({ platform: 'linux/arm64' })]),
  hostile: report([
    target({
      binaries: Object.values(hostileNames).map((name) =>
        binary({ path: name, verdicts: [verdict({ rule: name, message: name })] }),
      ),
    }),
  ]),
};

for (const [format, file] of Object.entries(schemas)) {
  const ajv = new Ajv2020({ strict: false, validateSchema: false, allErrors: true });
  addFormats.default(ajv);
  const validate = ajv.compile(JSON.parse(readFileSync(file, 'utf8')));
  for (const [name, given] of Object.entries(reports)) {
    test(`${format} of the ${name} report is valid by its schema`, async () => {
      for (const all of [false, true]) {
        validate(JSON.parse(await render(format, given, { all })));
        assert.deepEqual(validate.errors ?? [], []);
      }
    });
  }
  test(`the schema of ${format} refuses another document`, () => {
    assert.equal(validate({ version: 7 }), false);
  });
}
