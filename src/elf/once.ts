/** Computes at the first call and gives the same value, or throws the same error, ever after. */
export function once<T>(compute: () => T): () => T {
  let answer: { readonly value: T } | { readonly error: unknown } | null = null;
  return () => {
    answer ??= attempt(compute);
    if ('error' in answer) throw answer.error;
    return answer.value;
  };
}

function attempt<T>(compute: () => T): { readonly value: T } | { readonly error: unknown } {
  try {
    return { value: compute() };
  } catch (error) {
    return { error };
  }
}
