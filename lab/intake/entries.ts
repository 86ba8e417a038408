import { gnuLong, tarEntry } from '../../test/support/archives/tar-builder.ts';

/** Entries of a layer, each as short as it is in a table. Names of more than 100 bytes get GNU's form. */
export function file(name: string | Buffer, body: Buffer, mode = 0o755): Buffer {
  return entry({ name, mode }, body);
}

export function directory(name: string): Buffer {
  return entry({ name, flag: '5', mode: 0o755 });
}

export function symlink(name: string, linkName: string): Buffer {
  return entry({ name, linkName, flag: '2', mode: 0o777 });
}

export function hardLink(name: string, linkName: string): Buffer {
  return entry({ name, linkName, flag: '1' });
}

/** An empty file: what its name says counts. */
export function mark(name: string): Buffer {
  return entry({ name });
}

export function device(name: string): Buffer {
  return entry({ name, flag: '3', mode: 0o666 });
}

export function fifo(name: string): Buffer {
  return entry({ name, flag: '6' });
}

function entry(fields: Parameters<typeof tarEntry>[0], body: Buffer = Buffer.alloc(0)): Buffer {
  const name = Buffer.from(fields.name);
  if (name.length <= 100) return tarEntry(fields, body);
  return Buffer.concat([gnuLong('L', name), tarEntry({ ...fields, name: 'long' }, body)]);
}
