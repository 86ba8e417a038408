/** Computes at the first call and gives the same value, or throws the same error, ever after. */
export function once<T>(compute: () => T): () => T {
  let answer: (() => T) | null = null;
  return () => {
    answer ??= answerOf(compute);
    return answer();
  };
}

/** Asked a million times a file: a closure answers quicker than an object that says which of the two it holds. */
export function answerOf<T>(compute: () => T): () => T {
  try {
    const value = compute();
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}
