import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { ruleIds } from '../../rules/ids.ts';
import { annotations } from '../../src/policy/config/config-examples.ts';
import { configShape } from '../../src/policy/config/config-shape.ts';
import { readConfig } from '../../src/policy/config/document.ts';
import { attempt } from '../../src/policy/config/mistakes.ts';
import { profiles } from '../../src/policy/profiles/index.ts';
import { changedAtRandom, wholeConfigs } from '../support/policy/random-configs.ts';
import { randomNumbers } from '../support/random.ts';
import { repositoryRoot } from '../support/repository.ts';

const shape = configShape(
  ruleIds,
  profiles.map(({ name }) => name),
);

const schema: unknown = JSON.parse(
  readFileSync(join(repositoryRoot, 'schema/config.schema.json'), 'utf8'),
);
const ajv = new Ajv2020({ strict: false });
addFormats.default(ajv);
const isValid = ajv.compile(schema as object);

/** What a schema cannot say: how a glob is written, and what an address of a policy must have. */
const beyondSchema = [
  /has a group in parentheses|braces? inside braces|without its partner|\[ without its \]|more stars than|stands for more than/,
  /characters long, expected at most/,
  /has no valid digest|is not an address|without TLS|is neither a file|without a digest|has a control character/,
];

function mistakesIn(document: unknown): readonly string[] {
  const text = JSON.stringify(document);
  const { mistakes } = attempt(() => readConfig(text, 'c.json', shape));
  return (mistakes ?? []).map(({ message }) => message);
}

interface Described {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Described>>;
  readonly items?: Described;
  readonly anyOf?: readonly Described[];
  readonly additionalProperties?: Described | false;
}

/** Members of what stands anywhere below, with their names. */
function* membersBelow(
  { properties = {}, items, anyOf = [], additionalProperties: others }: Described,
  name = '',
): Generator<readonly [name: string, member: Described]> {
  for (const [key, member] of Object.entries(properties)) {
    yield [`${name}.${key}`, member];
    yield* membersBelow(member, `${name}.${key}`);
  }
  for (const inner of [...anyOf, items, others])
    if (typeof inner === 'object') yield* membersBelow(inner, name);
}

describe('the schema for editors', () => {
  it('describes every setting', () => {
    const silent = [...membersBelow(schema as Described)].filter(
      ([, { description = '' }]) => description === '',
    );
    assert.deepEqual(
      silent.map(([name]) => name),
      [],
    );
  });

  it('has examples and defaults that both accept', () => {
    for (const [name, { default: usual, examples = [] }] of Object.entries(annotations)) {
      for (const value of [...examples, ...(usual === undefined ? [] : [usual])]) {
        const [group = '', member] = name.split('.');
        const document = { [group]: member === undefined ? value : { [member]: value } };
        assert.deepEqual(mistakesIn(document), [], name);
        assert.ok(isValid(document), `${name}: ${ajv.errorsText(isValid.errors)}`);
      }
    }
  });
});

describe('the schema for editors and the reader agree', () => {
  it('on whole configurations, which both accept', () => {
    for (const document of wholeConfigs) {
      assert.deepEqual(mistakesIn(document), []);
      assert.ok(isValid(document), ajv.errorsText(isValid.errors));
    }
  });

  it('on 2,000 configurations that are changed at random, but for what a schema cannot say', () => {
    const random = randomNumbers(19);
    const counts = { accepted: 0, refused: 0, beyond: 0 };
    for (let run = 0; run < 2000; run += 1) {
      // As a file has it: a name can be __proto__.
      const document: unknown = JSON.parse(JSON.stringify(changedAtRandom(random)) ?? 'null');
      const mistakes = mistakesIn(document);
      const isBeyond =
        mistakes.length > 0 &&
        mistakes.every((each) => beyondSchema.some((known) => known.test(each)));
      const accepted = isValid(document);
      if (isBeyond) counts.beyond += 1;
      else if (mistakes.length === 0) counts.accepted += 1;
      else counts.refused += 1;
      if (!isBeyond)
        assert.equal(
          accepted,
          mistakes.length === 0,
          `${JSON.stringify(document)}\n${mistakes.join('\n')}\n${ajv.errorsText(isValid.errors)}`,
        );
    }
    // Both sides are tried, or agreement would say nothing.
    assert.ok(counts.accepted > 150 && counts.refused > 400, JSON.stringify(counts));
  });
});
