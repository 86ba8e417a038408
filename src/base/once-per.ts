/** Finds something out once for each object, and gives the same ever after. Nothing is kept longer than the object is. */
export function oncePer<Key extends object, Value>(find: (key: Key) => Value): (key: Key) => Value {
  const answers = new WeakMap<Key, { readonly value: Value }>();
  return (key) => {
    const known = answers.get(key);
    if (known !== undefined) return known.value;
    const value = find(key);
    answers.set(key, { value });
    return value;
  };
}

/** The same of an object on a day: only the day that was asked last is kept. */
export function oncePerDay<Key extends object, Value>(
  find: (key: Key, day: string) => Value,
): (key: Key, day: string) => Value {
  const answers = new WeakMap<Key, { readonly day: string; readonly value: Value }>();
  return (key, day) => {
    const known = answers.get(key);
    if (known?.day === day) return known.value;
    const value = find(key, day);
    answers.set(key, { day, value });
    return value;
  };
}
