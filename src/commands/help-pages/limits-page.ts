import { defaultLimits, limitSettings } from '../../base/limits.ts';
import { shortSize } from '../../base/parse-size.ts';
import { wrap } from '../../base/wrap.ts';

export function limitsPage(): string {
  const rows = Object.entries(limitSettings).map(([option, { limit, form, describe }]) => {
    const value = defaultLimits[limit];
    return {
      option: `--${option}`,
      value: form === 'size' ? shortSize(value) : String(value),
      describe,
    };
  });
  const wide = (column: 'option' | 'value') => Math.max(...rows.map((row) => row[column].length));
  const [first, second] = [wide('option'), wide('value')];
  const indent = ' '.repeat(first + second + 6);
  const lines = rows.map(({ option, value, describe }) => {
    const text = wrap(describe, 80 - indent.length).join(`\n${indent}`);
    return `  ${option.padEnd(first)}  ${value.padStart(second)}  ${text}`;
  });
  return [introduction, lines.join('\n'), ending].join('\n\n');
}

const introduction = `Limits bound the work that an input can cause. A scan that exceeds one reports a
problem and exits with code 3. Option, default and meaning:`;

const ending = `Sizes are bytes, or numbers with K, M, G or T. A limit can also be set below
\`limits\` in hullcheck.yaml, or by a variable such as HULLCHECK_MAX_ENTRIES.`;
