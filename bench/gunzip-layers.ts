import { createReadStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

// Node's own gunzip over each layer, nothing done with the bytes.
const jobs = Number(process.argv[2]);
const layers = process.argv.slice(3);

async function gunzip(): Promise<void> {
  for (let layer = layers.shift(); layer !== undefined; layer = layers.shift()) {
    const stream = createReadStream(layer, { highWaterMark: 1 << 20 }).pipe(
      createGunzip({ chunkSize: 256 * 1024 }),
    );
    stream.resume();
    await finished(stream);
  }
}

await Promise.all(Array.from({ length: jobs }, gunzip));
