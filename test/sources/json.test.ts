import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MalformedInput } from '../../src/base/errors.ts';
import {
  field,
  list,
  natural,
  parseJson,
  required,
  text,
  textMap,
  texts,
} from '../../src/sources/json/json.ts';

const hostile = [
  { name: 'nothing', bytes: '', says: /a is not JSON/ },
  { name: 'half a document', bytes: '{"a":', says: /a is not JSON/ },
  {
    name: 'a million open brackets',
    bytes: '['.repeat(1_000_000),
    says: /deeper than 64 levels at byte 64/,
  },
  { name: 'a million open objects', bytes: '{"a":'.repeat(1_000_000), says: /deeper than 64/ },
  {
    name: 'a million empty arrays',
    bytes: `[${'[],'.repeat(1_000_000)}[]]`,
    says: /more than 500000 values/,
  },
  { name: 'an open string', bytes: `"${'\\"'.repeat(1000)}`, says: /a is not JSON/ },
];

for (const { name, bytes, says } of hostile) {
  test(`${name} is refused by a short message`, () => {
    assert.throws(
      () => parseJson(Buffer.from(bytes), 'a'),
      (error) =>
        error instanceof MalformedInput && says.test(error.message) && error.message.length < 300,
    );
  });
}

test('brackets inside strings are not nesting', () => {
  const value = '[{"\\'.repeat(500);
  assert.equal(text(parseJson(Buffer.from(JSON.stringify(value)), 'a')), value);
});

const document = parseJson(
  Buffer.from(
    '{"n":1.5,"s":"x","l":[1,"b"],"o":{"k":"v","gone":null},"none":null,"__proto__":{"s":"y"}}',
  ),
  'doc',
);

const wrongShapes = [
  {
    read: () => natural(required(document, 'n')),
    says: 'doc.n is 1.5, expected a whole number, not negative',
  },
  {
    read: () => natural(required(document, 's')),
    says: 'doc.s is a string, expected a whole number, not negative',
  },
  { read: () => list(required(document, 's')), says: 'doc.s is a string, expected an array' },
  { read: () => texts(document, 'l'), says: 'doc.l[0] is 1, expected a string' },
  {
    read: () => field(required(document, 'l'), 'k'),
    says: 'doc.l is an array, expected an object',
  },
  { read: () => required(document, 'none'), says: 'doc has no none' },
  { read: () => required(document, 'toString'), says: 'doc has no toString' },
  { read: () => textMap(document, 'l'), says: 'doc.l is an array, expected an object' },
];

for (const { read, says } of wrongShapes) {
  test(`a wrong shape is named: ${says}`, () => {
    assert.throws(read, { name: 'MalformedInput', message: says });
  });
}

test('null is absent, and a field called __proto__ is a field', () => {
  assert.equal(field(document, 'none'), undefined);
  assert.deepEqual([...textMap(document, 'o')], [['k', 'v']]);
  assert.equal(text(required(required(document, '__proto__'), 's')), 'y');
});
