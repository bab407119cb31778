// Runs before each integration test file: the app's environment, with a database for the file.
import { createServer } from "node:net";

import { afterAll } from "vitest";

import { createTestDatabase } from "./test-database.ts";

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => {
        if (typeof address === "object" && address !== null) resolve(address.port);
        else reject(new Error("no port"));
      });
    });
  });
}

const database = await createTestDatabase();

Object.assign(process.env, {
  NODE_ENV: "test",
  LOG_LEVEL: process.env.LOG_LEVEL ?? "silent",
  DATABASE_URL: database.url,
  SHOPIFY_API_KEY: "simulated-key",
  SHOPIFY_API_SECRET: "simulated-secret",
  SHOPIFY_APP_URL: "http://127.0.0.1:3100",
  TOKEN_KEYS: `test:${Buffer.alloc(32, 7).toString("base64")}`,
  // Nothing listens here until a test starts a fake or simulated Shopify.
  SIMULATED_SHOPIFY_URL: `http://127.0.0.1:${await freePort()}`,
});

afterAll(async () => {
  await database.drop();
});
