// supporting: where links lead
import { realpathSync } from 'node:fs';

/** null where that cannot be told. */
export function realPath(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}
