import type pg from "pg";
import { to as copyTo } from "pg-copy-streams";

import { LineSplitter } from "#app/lib/line-splitter.ts";

export type CustomerLines = {
  /** SQL without parameters; its first column is the customer's id, ascending (`collate "C"`). */
  select: string;
  /** By customer index, ascending as text; lines about others are left out. */
  customerIds: readonly string[];
  /** Called for each line about one of the customers, with all its cells. */
  keep: (customer: number, cells: string[]) => void;
};

/** Streams rows about a shop's customers, matching ids to customer indices on the way. */
export async function eachCustomerLine(
  client: pg.PoolClient,
  { select, customerIds, keep }: CustomerLines,
): Promise<void> {
  const splitter = new LineSplitter();
  const stream = client.query(copyTo(`copy (${select}) to stdout`));
  let customer = 0;
  for await (const chunk of stream) {
    for (const line of splitter.push(chunk as Buffer)) {
      const cells = line.split("\t");
      while (customer < customerIds.length && customerIds[customer] < cells[0]) customer++;
      if (customerIds[customer] === cells[0]) keep(customer, cells);
    }
  }
}
