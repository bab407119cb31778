/**
 * Version of the engine's results, stored with every run. It changes whenever the same purchases
 * would give different scores, so that runs with the same version can be compared.
 */
export const ENGINE_VERSION = "0.5.2";
