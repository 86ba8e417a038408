import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeConfig } from '../../src/sources/image-config.ts';

const layer = (createdBy: string) => ({ created_by: createdBy });
const empty = (createdBy: string) => ({ created_by: createdBy, empty_layer: true });

const base = [layer('ADD alpine.tar / # buildkit'), empty('CMD ["/bin/sh"]')];
const cases = [
  { name: 'a base image itself', history: base, want: null },
  { name: 'a layer after the CMD of the base', history: [...base, layer('COPY app /')], want: 1 },
  {
    name: "Docker's older spelling",
    history: [
      layer('/bin/sh -c #(nop) ADD file:1 in / '),
      empty('/bin/sh -c #(nop)  CMD ["bash"]'),
      layer('/bin/sh -c apt-get update'),
    ],
    want: 1,
  },
  {
    name: 'a base on a base: the last one counts',
    history: [
      ...base,
      layer('RUN apk add python3'),
      empty('CMD ["python3"]'),
      layer('COPY app /'),
      empty('CMD ["app"]'),
    ],
    want: 2,
  },
  { name: 'a base without CMD', history: [layer('ADD x /'), layer('COPY app /')], want: null },
  { name: 'a command that only begins so', history: [layer('CMDS'), layer('COPY')], want: null },
  { name: 'no history', history: [], want: null },
];

describe('layers of the base image', () => {
  for (const { name, history, want } of cases) {
    it(`${name}: ${want}`, () => {
      const value = { os: 'linux', architecture: 'amd64', rootfs: { diff_ids: [] }, history };
      assert.equal(decodeConfig({ where: 'config', value, keys: 'folded' }).baseLayers, want);
    });
  }
});
