import { amount } from '../../base/amount.ts';
import { escapeText } from '../../base/escape.ts';
import type { Progress } from '../../scan/scan-options.ts';
import type { Surroundings } from '../command.ts';

export interface ProgressDisplay {
  show(progress: Progress): void;
  /** Clears the line. Safe to call twice. */
  end(): void;
}

/** Milliseconds between two redraws. */
const interval = 100;

/** A line that is redrawn at a terminal, a line for each step with --verbose, nothing in CI or with --quiet. */
export function progressDisplay(
  { stderr, env }: Surroundings,
  { quiet, verbose }: { readonly quiet: boolean; readonly verbose: boolean },
): ProgressDisplay {
  if (quiet) return { show: () => {}, end: () => {} };
  if (verbose) return stepLog((text) => void stderr.write(text));
  if (!stderr.isTty || env['CI'] || env['TERM'] === 'dumb')
    return { show: () => {}, end: () => {} };
  return redrawnLine((text) => void stderr.write(text), stderr.columns);
}

function redrawnLine(write: (text: string) => void, columns: number): ProgressDisplay {
  const begun = performance.now();
  let last = Number.NEGATIVE_INFINITY;
  return {
    show: (progress) => {
      const now = performance.now();
      if (now - last < interval) return;
      last = now;
      const rate = progress.bytes / 1024 ** 2 / Math.max((now - begun) / 1000, 0.1);
      write(`\r\x1b[2K${lineOf(progress, `, ${rate.toFixed(0)} MiB/s`, columns - 1)}`);
    },
    end: () => {
      if (last > 0) write('\r\x1b[2K');
      last = Number.NEGATIVE_INFINITY;
    },
  };
}

function stepLog(write: (text: string) => void): ProgressDisplay {
  let last = '';
  return {
    show: (progress) => {
      const step = `${progress.name} ${progress.step} ${progress.done}`;
      if (step === last) return;
      last = step;
      write(`hullcheck: ${describe(progress)}\n`);
    },
    end: () => {},
  };
}

/** Shortens a long name, so that the numbers stay visible. */
function lineOf(progress: Progress, rate: string, room: number): string {
  const text = stepText(progress) + (progress.step === 'open' ? '' : rate);
  const name = escapeText(progress.name);
  const place = Math.max(room - text.length, 0);
  const shown = name.length <= place ? name : `…${name.slice(name.length - place + 1)}`;
  return `${place > 1 ? shown : ''}${text}`.slice(0, room);
}

function describe(progress: Progress): string {
  return `${escapeText(progress.name)}${stepText(progress)}`;
}

function stepText({ step, done, total, files, bytes }: Progress): string {
  if (step === 'open') return ': opening';
  const read = `${amount(files, 'ELF file')}, ${(bytes / 1024 ** 2).toFixed(1)} MiB`;
  return step === 'layer' ? `: layer ${done} of ${total}, ${read}` : `: judging, ${read}`;
}
