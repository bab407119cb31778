// Encrypts every access token in the database with the first key of TOKEN_KEYS, while everything is running.
// Afterwards the other keys are no longer needed.
import "#runtime/fit-node.mjs";

import { closeDatabase } from "#app/lib/db.server.ts";
import { resealTokens } from "#app/shopify/tokens/reseal.server.ts";

const result = await resealTokens();
await closeDatabase();
if (result.kind === "keys-missing") {
  console.error(
    `Nothing was changed: ${result.sessions} sessions need keys that are not in TOKEN_KEYS: ` +
      `${result.keyIds.join(", ")}. Add them after the current one, or delete those sessions: ` +
      "their merchants get new ones when they next open the app.",
  );
  process.exit(1);
}
const { keyId, sessions, resealed } = result;
console.log(
  `${resealed} of ${sessions} sessions encrypted again; all are encrypted with ${keyId} now.`,
);
