// supporting: paths without links
import { realpathSync } from 'node:fs';

/** null when the path cannot be resolved. */
export function realPath(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}
