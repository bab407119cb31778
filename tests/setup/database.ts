import pg from "pg";
import type { TestProject } from "vitest/node";

import { embeddedPostgres } from "../../scripts/postgres/embedded.ts";
import { migrate } from "../../scripts/migrate.ts";
import { dropDatabase } from "./test-database.ts";

declare module "vitest" {
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- merged with vitest's own
  interface ProvidedContext {
    /** A server on which tests can create databases. */
    serverUrl: string;
    /** The migrated database that every test file copies. */
    templateDatabase: string;
  }
}

/** One PostgreSQL and one migrated template for the whole run; test files copy the template. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await embeddedPostgres("postgres", "disposable");
  const template = `test_template_${process.pid}`;
  const admin = new pg.Client({ connectionString: server.url });
  await admin.connect();
  await admin.query(`create database ${template}`);
  const url = new URL(server.url);
  url.pathname = `/${template}`;
  await migrate(url.href);
  await admin.end();
  project.provide("serverUrl", server.url);
  project.provide("templateDatabase", template);
  return async () => {
    await dropDatabase(server.url, template);
    await server.release();
  };
}
