/** True where nothing of it can be seen: blanks, controls, and characters without a shape, such as U+200B and U+3164. */
export function isBlank(text: string): boolean {
  return /^[\s\p{C}\p{Default_Ignorable_Code_Point}\u2800]*$/u.test(text);
}
