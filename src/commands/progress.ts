// supporting: how far a scan is, on standard error
import { escapeText } from '../reporters/escape.ts';
import type { Progress } from '../scan.ts';
import type { Surroundings } from './command.ts';

export interface ProgressDisplay {
  show(progress: Progress): void;
  /** Removes what is on the screen. Safe to call twice. */
  end(): void;
}

/** Milliseconds between two redraws. */
const interval = 100;

/** A line that redraws itself at a terminal, a line for each step when verbose, and nothing in CI or when quiet. */
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
      write(`\r\x1b[2K${`${describe(progress)}, ${rate.toFixed(0)} MiB/s`.slice(0, columns - 1)}`);
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

function describe({ name, step, done, total, bytes }: Progress): string {
  const place = escapeText(name);
  if (step === 'open') return `opening ${place}`;
  const read = `${(bytes / 1024 ** 2).toFixed(1)} MiB of ELF files`;
  return step === 'layer'
    ? `${place}: layer ${done} of ${total}, ${read}`
    : `${place}: judging, ${read}`;
}
