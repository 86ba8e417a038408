import { MalformedArchive } from '../../errors.ts';
import { type Json, parseJson } from '../json.ts';

/** JSON that holds a secret: what is wrong with it is not told, since an error of the parser quotes the text. */
export function parseSecret(bytes: Buffer, name: string): Json {
  try {
    return parseJson(bytes, name);
  } catch (error) {
    if (!(error instanceof MalformedArchive)) throw error;
    throw new MalformedArchive(`${name} is not JSON`);
  }
}
