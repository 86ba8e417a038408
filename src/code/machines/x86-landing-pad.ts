const ENDBR = 0xf30f1e;

/** `endbr64`, where an indirect jump or call may land under IBT in 64-bit mode. */
export function endbr64At(bytes: Buffer, at: number): boolean {
  return (
    at >= 0 && at + 4 <= bytes.length && bytes.readUIntBE(at, 3) === ENDBR && bytes[at + 3] === 0xfa
  );
}

/** `endbr32`, the same in 32-bit mode. */
export function endbr32At(bytes: Buffer, at: number): boolean {
  return (
    at >= 0 && at + 4 <= bytes.length && bytes.readUIntBE(at, 3) === ENDBR && bytes[at + 3] === 0xfb
  );
}
