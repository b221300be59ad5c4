/** A function that computes its value at the first call and keeps it. */
export function lazy<T>(compute: () => T): () => T {
  let value: { readonly computed: T } | undefined;
  return () => (value ??= { computed: compute() }).computed;
}
