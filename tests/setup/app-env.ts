// Runs before each integration test file: the app's environment, with a database of the file's own.
import { afterAll } from "vitest";

import { createTestDatabase } from "./test-database.ts";

const database = await createTestDatabase();

Object.assign(process.env, {
  NODE_ENV: "test",
  LOG_LEVEL: process.env.LOG_LEVEL ?? "silent",
  DATABASE_URL: database.url,
  SHOPIFY_API_KEY: "simulated-key",
  SHOPIFY_API_SECRET: "simulated-secret",
  SHOPIFY_APP_URL: "http://127.0.0.1:3100",
  // Nothing listens here: a test that talks to Shopify starts its own and says where.
  SIMULATED_SHOPIFY_URL: process.env.SIMULATED_SHOPIFY_URL ?? "http://127.0.0.1:9",
});

afterAll(async () => {
  await database.drop();
});
