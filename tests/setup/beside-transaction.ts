import type pg from "pg";

/** A transaction of the test's own, beside which the code under test works: it is not part of it. */
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
    // One that has failed goes with its transaction.
    client.release(true);
  }
}
