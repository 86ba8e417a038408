import type { BytePattern } from './pattern-search.ts';

/** First bytes of directories below which people and build services work. */
const anchors = ['/home/', '/root/', '/build', '/Users/', '/tmp/', '/worksp', '/__w/', '/github'];

/** One of them, at the beginning of a path. */
export const buildDirectory = /^\/(home|root|builds?|Users|tmp|workspace|__w|github)\//;

/** A source file in one of them, not part of a longer path or address: `/home` alone proves nothing. */
const source =
  /^[^\w./@+~-](\/(home|root|builds?|Users|tmp|workspace|__w|github)\/[\w./@+~-]{1,180}\.(adb|c|cc|cpp|cr|cxx|d|f90|go|h|hh|hpp|hs|ml|nim|pas|rs|swift|zig))\b/;

/** One for each sort of directory. */
export const sourcePatterns: readonly BytePattern[] = anchors.map((anchor) => ({
  anchor,
  lead: 1,
  pattern: source,
}));
