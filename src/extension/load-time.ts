/** When this bundle began to load, by `performance.now()`. Must be the first import of the entry file. */
export const loadStartedAtMs = performance.now();
