import assert from 'node:assert/strict';
import { test } from 'node:test';
import { folderWith, settingsIn } from '../support/policy/folder-with.ts';

const folder = folderWith({ 'org.yaml': 'gate: {fail-on: low}\nlocked: all\n' });

const misspelled: Readonly<Record<string, string>> = {
  HULLCHECK_EXTEND: 'HULLCHECK_EXTENDS',
  hullcheck_extends: 'HULLCHECK_EXTENDS',
  HULLCHECK_FAILON: 'HULLCHECK_FAIL_ON',
  HULLCHECK_REQUIRE_CONFG: 'HULLCHECK_REQUIRE_CONFIG',
  HULLCHECK_STRICT_POLICIES: 'HULLCHECK_STRICT_POLICY',
};
for (const [name, meant] of Object.entries(misspelled))
  test(`${name} is a usage error: ${meant} may be meant`, async () => {
    await assert.rejects(settingsIn(folder, {}, { [name]: 'org.yaml' }), {
      name: 'UsageError',
      message: `${name} is not a variable; did you mean ${meant}?`,
    });
  });

test('variables of scripts around hullcheck, and empty ones, change nothing', async () => {
  const env = {
    HULLCHECK_VERSION: '1',
    HULLCHECK_IMAGE: 'app.tar',
    HULLCHECK_PLATFORM: 'all',
    HULLCHECK_EXTEND: '',
    SHELLCHECK_CONFIG: 'x',
  };
  assert.deepEqual((await settingsIn(folder, {}, env)).policy.remarks, []);
});

for (const value of ['', ' ', ',']) {
  const env = { HULLCHECK_EXTENDS: value };
  test(`HULLCHECK_EXTENDS of ${JSON.stringify(value)} names no policy: a warning, and an error with --require-config`, async () => {
    const { remarks = [] } = (await settingsIn(folder, {}, env)).policy;
    assert.deepEqual(
      remarks.map(({ kind }) => kind),
      ['locks-not-in-force'],
    );
    await assert.rejects(settingsIn(folder, { requireConfig: true, config: ['org.yaml'] }, env), {
      name: 'UsageError',
      message:
        'HULLCHECK_EXTENDS is set and names nothing, so the policy that it was to name is not in force, and --require-config is set',
    });
  });
}
