import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hullcheckIn } from '../support/hullcheck-in.ts';
import { folderWith } from '../support/policy/folder-with.ts';

test('config --show has each waiver with its own place, and a line for each of its members', () => {
  const text = [
    'waivers:',
    '  - {rules: [pie, relro], path: /x, reason: a b, owner: team-x, expires: 2030-12-20}',
    '  - {rule: pie, path: /y, reason: b}',
    'yours: [acmed]',
    '',
  ].join('\n');
  const { stdout, status } = hullcheckIn(folderWith({ 'hullcheck.yaml': text }))([
    ...['config', '--show'],
  ]);
  assert.equal(status, 0);
  const lines = stdout.split('\n').map((line) => line.replace(/ +/g, ' '));
  const at = lines.indexOf('waivers: # hullcheck.yaml:1:1');
  assert.deepEqual(lines.slice(at + 1, at + 9), [
    ' - rules: [pie, relro] # hullcheck.yaml:2:5',
    ' path: /x',
    ' reason: "a b"',
    ' owner: team-x',
    ' expires: 2030-12-20',
    ' - rule: pie # hullcheck.yaml:3:5',
    ' path: /y',
    ' reason: b',
  ]);
  assert.ok(lines.includes('yours: acmed # hullcheck.yaml:4:1'));
});
