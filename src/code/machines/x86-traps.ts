const ud2 = Buffer.from([0x0f, 0x0b]);
const shortReach = 128;

/** `ud2` instructions that a conditional jump leads to, as `if (...) __builtin_trap()` is compiled. */
export function x86GuardedTraps(code: Buffer): number {
  const traps = new Set<number>();
  for (let at = code.indexOf(ud2); at >= 0; at = code.indexOf(ud2, at + 1)) traps.add(at);
  if (traps.size === 0) return 0;
  const guarded = new Set<number>();
  for (const trap of traps) {
    if (isShortJumpTarget(code, trap)) guarded.add(trap);
  }
  for (
    let at = code.indexOf(0x0f);
    at >= 0 && at + 6 <= code.length;
    at = code.indexOf(0x0f, at + 1)
  ) {
    if (((code[at + 1] ?? 0) & 0xf0) !== 0x80) continue;
    const target = at + 6 + code.readInt32LE(at + 2);
    if (traps.has(target)) guarded.add(target);
  }
  return guarded.size;
}

function isShortJumpTarget(code: Buffer, target: number): boolean {
  const last = Math.min(target + shortReach, code.length - 2);
  for (let at = Math.max(0, target - shortReach - 1); at <= last; at += 1) {
    const isJump = ((code[at] ?? 0) & 0xf0) === 0x70;
    if (isJump && at + 2 + code.readInt8(at + 1) === target) return true;
  }
  return false;
}
