/** Where a call or jump leads, or a variable lies, is four bytes of any value behind these. */
export function mayBeDistance(code: Buffer, at: number): boolean {
  for (let before = at - 4; before < at; before += 1) {
    const byte = code[before] ?? 0;
    if (byte === 0xe8 || byte === 0xe9) return true;
    if ((byte & 0xf0) === 0x80 && code[before - 1] === 0x0f) return true;
    if ((byte & 0xc7) === 0x05 && code[before - 1] === 0x8d) return true;
  }
  return false;
}
