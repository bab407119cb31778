/**
 * The Admin API version. shopify.app.toml, codegen and the schema in schema/ must match it, which
 * tests/integration/api-version.test.ts checks.
 */
export const API_VERSION = "2026-10";
