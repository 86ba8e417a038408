import { readFileSync } from 'node:fs';
import initialise from 'wabt';

/** The text of src/byte-scan/binary.ts: what byte-scan.wat assembles to, in base64. */
export async function byteScanBinary(file, head) {
  const features = { simd: true };
  const module = (await initialise()).parseWat(
    'byte-scan.wat',
    readFileSync(file, 'utf8'),
    features,
  );
  module.validate(features);
  const { buffer } = module.toBinary({});
  module.destroy();
  const lines = Buffer.from(buffer)
    .toString('base64')
    .match(/.{1,96}/g);
  const text = lines.map((line) => `  '${line}'`).join(' +\n');
  return `${head.replace('the files of this folder', 'byte-scan.wat')}\n/** WebAssembly, in base64. */\nexport const binary =\n${text};\n`;
}
