/** Bounds of a configuration: far above what people write, and within them nothing takes as long as some seconds. */
export const configLimits = {
  /** Of the file. */
  bytes: 2 * 1024 * 1024,
  lines: 100_000,
  /** Words and signs. */
  tokens: 600_000,
  /** Levels of nesting. */
  depth: 32,
} as const;

/** As messages and docs name them. */
export const limitsText = `2 MiB, ${grouped(configLimits.lines)} lines, ${grouped(configLimits.tokens)} words and signs or ${configLimits.depth} levels`;

export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}
