import { Chalk } from 'chalk';
import type { Outcome, Severity } from '../../base/verdict.ts';

export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  severity(severity: Severity, text: string): string;
  outcome(outcome: Outcome, text: string): string;
  gate(state: 'holds' | 'broken' | 'undecided', text: string): string;
}

/** Sixteen colours at most: they follow the user's own terminal theme. */
export function styleOf(color: boolean): Style {
  const chalk = new Chalk({ level: color ? 1 : 0 });
  const severity = {
    critical: chalk.bold.red,
    high: chalk.red,
    medium: chalk.yellow,
    low: chalk.cyan,
    note: chalk.dim,
  };
  const outcome = {
    fail: chalk.red,
    unknown: chalk.yellow,
    pass: chalk.green,
    'not-applicable': chalk.dim,
  };
  const gate = { holds: chalk.bold.green, broken: chalk.bold.red, undecided: chalk.bold.yellow };
  return {
    bold: (text) => chalk.bold(text),
    dim: (text) => chalk.dim(text),
    severity: (name, text) => severity[name](text),
    outcome: (name, text) => outcome[name](text),
    gate: (state, text) => gate[state](text),
  };
}
