import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ruleIds } from '../../rules/ids.ts';
import { UsageErrors } from '../../src/base/errors.ts';
import { positionText } from '../../src/policy/config/config-node.ts';
import { configShape } from '../../src/policy/config/config-shape.ts';
import { readConfig } from '../../src/policy/config/document.ts';
import { lintConfig } from '../../src/policy/config/lint/lint-config.ts';
import { profiles } from '../../src/policy/profiles/index.ts';
import { wrongEntries } from '../support/policy/wrong-entries.ts';
import { wrongGlobs } from '../support/policy/wrong-globs.ts';
import { type WrittenFile, wrongSettings } from '../support/policy/wrong-settings.ts';
import { wrongJson, wrongYaml } from '../support/policy/wrong-syntax.ts';
import { wrongWords } from '../support/policy/wrong-words.ts';

const shape = configShape(
  ruleIds,
  profiles.map(({ name }) => name),
);

/** `error 1:9 "PIE" is not a rule; did you mean pie?` */
function remarksOf(text: string | Uint8Array, file: string): readonly string[] {
  return lintConfig(text, file, shape, '2026-11-30').remarks.map(
    ({ at, level, message }) => `${level} ${positionText(at).replace(`${file}:`, '')} ${message}`,
  );
}

const isMeant = (want: string, remark: string) => {
  const [, level = '', place = '', words = ''] = /^(\w+) (\S*) ?(.*)$/.exec(want) ?? [];
  return remark.startsWith(`${level} ${place}`) && remark.includes(words);
};

/** Nothing is said of what YAML would make of it. */
const wrongToml: readonly WrittenFile[] = [
  [
    'a table',
    '[gate]\nfail-on = ["high"]\n',
    'error 1:1 TOML is not read: write the settings as YAML',
  ],
  ['a value', 'profile = "alpine"\n', 'error 1:1 TOML is not read'],
];

const tables: readonly (readonly [title: string, file: string, rows: readonly WrittenFile[]])[] = [
  ['settings', 'c.yaml', wrongSettings],
  ['entries', 'c.yaml', wrongEntries],
  ['words', 'c.yaml', wrongWords],
  ['globs', 'c.yaml', wrongGlobs],
  ['YAML', 'c.yaml', wrongYaml],
  ['JSON', 'c.json', wrongJson],
  ['TOML', 'c.toml', wrongToml],
];

for (const [title, file, rows] of tables)
  describe(`a mistake is reported with its place and remedy, and what is right is accepted: ${title}`, () => {
    for (const [name, text, ...want] of rows)
      it(`${name}: ${want.length === 0 ? 'accepted' : want.join(', ')}`, () => {
        const remarks = remarksOf(text, file);
        for (const each of want)
          assert.ok(
            remarks.some((remark) => isMeant(each, remark)),
            `${each} is not among\n${remarks.join('\n')}`,
          );
        const others = remarks.filter((remark) => !want.some((each) => isMeant(each, remark)));
        assert.deepEqual(others, []);
        // Every command reads it by the same rules.
        const errors = remarks.filter((remark) => remark.startsWith('error'));
        if (errors.length === 0) assert.doesNotThrow(() => readConfig(text, file, shape));
        else
          assert.throws(
            () => readConfig(text, file, shape),
            (error) => error instanceof UsageErrors && error.mistakes.length === errors.length,
          );
      });
  });
