/**
 * Version of the numbers, kept with every run. It changes whenever the same purchases would give
 * different scores, so that two runs can be compared.
 */
export const ENGINE_VERSION = "0.5.2";
