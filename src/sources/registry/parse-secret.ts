import { MalformedInput } from '../../base/errors.ts';
import { field, type Json, parseJson } from '../json/json.ts';

export type Credentials =
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  /** An OAuth refresh token. */
  | { readonly kind: 'identity'; readonly token: string }
  /** Shown to the registry as it is. */
  | { readonly kind: 'bearer'; readonly token: string };

/** JSON that contains a secret: mistakes in it are not reported, since an error of the parser quotes the text. */
export function parseSecret(bytes: Buffer, name: string): Json {
  try {
    return parseJson(bytes, name);
  } catch (error) {
    if (!(error instanceof MalformedInput)) throw error;
    throw new MalformedInput(`${name} is not JSON`);
  }
}

/**
 * A field that may be a secret; '' when it is absent or not a string, since its actual value is not reported either.
 */
export function secretText(json: Json, name: string): string {
  const value = field(json, name)?.value;
  return typeof value === 'string' ? value : '';
}
