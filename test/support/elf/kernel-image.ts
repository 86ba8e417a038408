/** Builds kernels as boot loaders take them, around any ELF file. */

const upperHalf = 0xffffffff81000000n;

/** A static program of 64 bits, moved to where kernels are. */
export function kernelOf(program: Buffer): Buffer {
  const bytes = Buffer.from(program);
  const table = Number(bytes.readBigUInt64LE(32));
  for (let index = 0; index < bytes.readUInt16LE(56); index += 1) {
    const header = table + index * bytes.readUInt16LE(54);
    if (bytes.readUInt32LE(header) !== 1) continue;
    const address = bytes.readBigUInt64LE(header + 16);
    bytes.writeBigUInt64LE(upperHalf + address, header + 16);
  }
  return bytes;
}

/** Linux, Documentation/arch/x86/boot.rst. `payload` is compressed, and has its size behind it where it is not gzip. */
export function bzImageOf(payload: Buffer, version = 0x20f): Buffer {
  const setup = Buffer.alloc(2 * 512);
  setup[0x1f1] = 1;
  setup.writeUInt16LE(0xaa55, 0x1fe);
  setup.write('HdrS', 0x202, 'latin1');
  setup.writeUInt16LE(version, 0x206);
  const stub = Buffer.alloc(300, 0x90);
  setup.writeUInt32LE(stub.length, 0x248);
  setup.writeUInt32LE(payload.length, 0x24c);
  return Buffer.concat([setup, stub, payload, Buffer.alloc(5000)]);
}

/** Linux, drivers/firmware/efi/libstub/zboot-header.S. */
export function zbootOf(payload: Buffer, compressor: string): Buffer {
  const head = Buffer.alloc(0x400);
  head.write('MZ', 0, 'latin1');
  head.write('zimg', 4, 'latin1');
  head.writeUInt32LE(head.length, 8);
  head.writeUInt32LE(payload.length, 12);
  head.write(compressor, 24, 'latin1');
  return Buffer.concat([head, payload]);
}

/** As the kernel's build writes it behind what has no size of its own. */
export function withSize(payload: Buffer, size: number): Buffer {
  const tail = Buffer.alloc(4);
  tail.writeUInt32LE(size, 0);
  return Buffer.concat([payload, tail]);
}
