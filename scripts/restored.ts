// To be run after the database was restored to an earlier moment, before any other process is started:
// brings every shop up to date. See docs/operations.md.
import "#runtime/fit-node.mjs";

import { closeDatabase } from "#app/lib/db.server.ts";
import { stopQueue } from "#app/queue/queue.server.ts";
import { bringAllUpToDate } from "#app/writeback/after-restore.server.ts";

const shops = await bringAllUpToDate();
console.log(
  `${shops.length} shops will import their orders and read their tags and metafields from Shopify again`,
);
await stopQueue();
await closeDatabase();
