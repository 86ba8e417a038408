import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KeptJson } from '../../src/reporters/writing/kept-json.ts';
import { writeJson } from '../../src/reporters/writing/write-json.ts';

const objects: readonly {
  readonly name: string;
  readonly object: object;
  readonly times: number;
}[] = [
  { name: 'a small object is written once', object: { known: true, value: 1n }, times: 1 },
  { name: 'a list is, too', object: ['\u001b[2J', '##[error]'], times: 1 },
  { name: 'what is long is written each time', object: { text: 'x'.repeat(5000) }, times: 3 },
];

describe('of what binaries share', () => {
  for (const { name, object, times } of objects) {
    it(name, () => {
      const kept = new KeptJson();
      let written = 0;
      const shown = () => {
        written += 1;
        return object;
      };
      for (let time = 0; time < 3; time += 1)
        assert.equal(kept.of(object, shown), writeJson(object));
      assert.equal(written, times);
    });
  }

  it('an equal object has its own text', () => {
    const kept = new KeptJson();
    assert.equal(
      kept.of({}, () => 1),
      '1',
    );
    assert.equal(
      kept.of({}, () => 2),
      '2',
    );
  });

  it('no more is kept than 16 MiB', () => {
    const kept = new KeptJson();
    const objects = Array.from({ length: 5000 }, (_, at) => ({ text: `${at}`.padStart(4000) }));
    let written = 0;
    for (const object of [...objects, ...objects])
      kept.of(object, () => {
        written += 1;
        return object;
      });
    assert.ok(written > 5500 && written < 6500, `${written} of 10000`);
  });
});
