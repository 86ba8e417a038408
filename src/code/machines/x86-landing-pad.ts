/** `endbr64`, where an indirect jump or call may land under IBT in 64-bit mode. */
export function endbr64At(bytes: Buffer, at: number): boolean {
  return isEndbr(bytes, at) && bytes[at + 3] === 0xfa;
}

/** `endbr32`, the same in 32-bit mode. */
export function endbr32At(bytes: Buffer, at: number): boolean {
  return isEndbr(bytes, at) && bytes[at + 3] === 0xfb;
}

/** Byte by byte: asked of every function, and nearly always answered by the first. */
function isEndbr(bytes: Buffer, at: number): boolean {
  return bytes[at] === 0xf3 && bytes[at + 1] === 0x0f && bytes[at + 2] === 0x1e;
}
