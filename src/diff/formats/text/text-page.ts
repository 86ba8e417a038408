import type { Style } from '../../../reporters/text/text-style.ts';
import type { ListLook } from '../diff-format.ts';

export interface Page extends ListLook {
  readonly style: Style;
}
