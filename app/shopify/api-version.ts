/**
 * The one place that says which Admin API version Encore speaks. shopify.app.toml, codegen and the
 * schema in schema/ follow it; tests/integration/api-version.test.ts sees that they agree.
 */
export const API_VERSION = "2026-10";
