import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";

import pg from "pg";

import { migrate } from "../migrate.ts";
import { serverHome } from "../postgres/binaries.ts";
import { serverUrl } from "../postgres/embedded.ts";
import { dataOf, initialise } from "../postgres/server.ts";
import { freePort } from "../stack/processes.ts";
import { eventually } from "./eventually.ts";
import { Supervised } from "./supervised-process.ts";

/** A PostgreSQL server for one storm, which can be crashed and restarts on the same port. */
export class StormDatabase {
  readonly url: string;
  readonly server: Supervised;
  readonly #home: string;

  private constructor(parts: { url: string; server: Supervised; home: string }) {
    this.url = parts.url;
    this.server = parts.server;
    this.#home = parts.home;
  }

  /** @param directory an empty one */
  static async start(directory: string): Promise<StormDatabase> {
    const home = serverHome(path.resolve(directory));
    mkdirSync(home, { recursive: true });
    await initialise(home);
    const port = await freePort();
    const server = new Supervised({
      name: "postgres",
      args: ["--import", "tsx", "scripts/storm/postgres-process.ts", home, String(port)],
      env: {},
      logDirectory: directory,
    });
    const database = new StormDatabase({ url: serverUrl(port), server, home });
    await database.untilUp();
    await migrate(database.url);
    return database;
  }

  untilUp(): Promise<void> {
    const up = () => this.rows("select 1").then(({ length }) => length === 1);
    return eventually("PostgreSQL answers", up, { seconds: 60, everyMs: 100 });
  }

  /** An immediate shutdown: nothing more is written, and the next start recovers from the WAL. */
  async crash(): Promise<void> {
    const pidFile = path.join(dataOf(this.#home), "postmaster.pid");
    const pid = Number(readFileSync(pidFile, "utf8").split("\n")[0]);
    this.server.expectEnd();
    process.kill(pid, "SIGQUIT");
    await this.untilUp();
  }

  /** On a separate connection, so that none is open when the server is crashed. */
  async rows<Row extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.url });
    client.on("error", () => undefined);
    await client.connect();
    try {
      return (await client.query<Row>(sql, values)).rows;
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
