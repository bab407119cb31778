// For `prisma migrate diff` only: compares the migrations with schema.prisma in an
// in-memory PostgreSQL (PGlite), so that drift is found without a server.
process.env.PRISMA_QUERY_ENGINE_LIBRARY ??= process.execPath;
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;
process.env.DATABASE_URL ??= "postgresql://unused@127.0.0.1/unused";

import { PGlite } from "@electric-sql/pglite";
import { PrismaPGlite } from "pglite-prisma-adapter";
import { defineConfig } from "prisma/config";

type Connection = Awaited<ReturnType<PrismaPGlite["connect"]>>;
type Query = Parameters<Connection["queryRaw"]>[0];

/** PGlite's extended protocol takes one statement at a time; the schema engine sends scripts. */
async function open(): Promise<Connection> {
  const database = await PGlite.create();
  const connection = await new PrismaPGlite(database).connect();
  const queryRaw = connection.queryRaw.bind(connection);
  const executeRaw = connection.executeRaw.bind(connection);
  connection.executeScript = async (sql: string) => {
    await database.exec(sql);
  };
  connection.executeRaw = async (query: Query) => {
    if (query.args.length > 0) return executeRaw(query);
    await database.exec(query.sql);
    return 0;
  };
  connection.queryRaw = async (query: Query) => {
    if (query.args.length > 0 || !/;\s*\S/.test(query.sql)) return queryRaw(query);
    await database.exec(query.sql);
    return { columnNames: [], columnTypes: [], rows: [] };
  };
  connection.dispose = async () => {
    await database.close();
  };
  return connection;
}

export default defineConfig({
  experimental: { adapter: true },
  engine: "js",
  schema: "schema.prisma",
  migrations: { path: "migrations" },
  adapter: async () => ({
    provider: "postgres" as const,
    adapterName: "pglite",
    connect: open,
    connectToShadowDb: open,
  }),
});
