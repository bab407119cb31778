import type pg from "pg";

/** A transaction of the test, concurrent with the code under test. */
export async function besideTransaction<Result>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    const result = await work(client);
    await client.query("commit");
    return result;
  } finally {
    // A failed statement ends its transaction.
    client.release(true);
  }
}
