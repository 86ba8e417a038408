import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { after, test } from 'node:test';
import { repositoryRoot } from '../repository.ts';
import { type ConsoleStep, consoleBlocks, differenceOf, openSandbox } from './console-sessions.ts';

/** The day of all outputs in documents: exceptions that they show end later. */
export const documentDay = '2026-12-01';

/**
 * A test for each terminal of a document: it runs the commands, from `folder` of the project on, and compares what they print. Files that one
 * block writes are there for those below it. UPDATE=1 writes what is printed into the document.
 */
export function checkConsole(path: string, folder: string): void {
  const name = relative(repositoryRoot, path);
  const blocks = consoleBlocks(readFileSync(path, 'utf8'));
  if (blocks.length === 0) return;
  const sandbox = openSandbox(documentDay);
  after(() => sandbox.remove());
  let end = 0;
  for (const steps of blocks)
    test(`${name}:${steps[0]?.line}: a terminal shows what its commands print`, () => {
      const start = { command: `cd ${folder}`, output: '', line: 0 };
      const printed = sandbox.run([start, ...steps]).slice(1);
      for (const [index, step] of steps.entries()) {
        const difference = differenceOf(step.output, printed[index] ?? '');
        if (process.env['UPDATE'] === '1')
          end = update(path, step, difference === null ? step.output : (printed[index] ?? ''), end);
        else
          assert.ok(difference === null, `${name}:${step.line}: $ ${step.command}: ${difference}`);
      }
    });
}

/** From `from` on, where the step before ends: many have the same command. Gives the end of this one. */
function update(path: string, { command, output }: ConsoleStep, now: string, from: number): number {
  const text = readFileSync(path, 'utf8');
  const typed = `$ ${command}\n`;
  const at = text.indexOf(typed + output, from) + typed.length;
  writeFileSync(path, text.slice(0, at) + now + text.slice(at + output.length));
  return at + now.length;
}
