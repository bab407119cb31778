import type pg from "pg";

/**
 * A snapshot of the database, so that each test of a file starts quickly from the result of slow work. Each file
 * has its own database.
 */
export class KeptTables {
  readonly #pool: pg.Pool;
  #tables: string[] = [];

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  /** Saves the rows of all our tables, without the queue's. */
  async keep(): Promise<void> {
    const { rows } = await this.#pool.query<{ name: string }>(
      `select quote_ident(tablename) as name from pg_tables
        where schemaname = 'public' and tablename not like '\\_%'`,
    );
    this.#tables = rows.map(({ name }) => name);
    await this.#pool.query("create schema kept");
    for (const table of this.#tables) {
      await this.#pool.query(`create table kept.${table} as table public.${table}`);
    }
  }

  async restore(): Promise<void> {
    await this.#pool.query(`truncate ${this.#tables.join()}`);
    for (const table of this.#tables) {
      await this.#pool.query(`insert into ${table} table kept.${table}`);
    }
  }
}
