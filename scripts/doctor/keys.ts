import type { TokenKey } from "#app/lib/token-keys.ts";
import { sealedWith, unsealToken } from "#app/shopify/tokens/token-seal.ts";

import type { Read } from "./database.ts";
import { type Finding, listed, ok, warn, wrong } from "./finding.ts";

const ABOUT = "Token keys";
/** Number of recent sessions that are decrypted, to check that keys with the right name are the right ones. */
const SAMPLE = 50;

type Row = { id: string; shop: string; access_token: string };

/** Whether TOKEN_KEYS can decrypt the stored tokens. */
export async function checkKeys(read: Read, keys: readonly TokenKey[]): Promise<Finding[]> {
  const [table] = await read<{ yes: boolean }>("select to_regclass('sessions') is not null as yes");
  if (table?.yes !== true) return [];
  const used = await read<{ id: string | null; sessions: number }>(
    `select case when access_token like 'sealed:%' then split_part(access_token, ':', 2) end as id,
            count(*)::int as sessions
       from sessions group by 1 order by 1`,
  );
  const sample = await read<Row>(
    "select id, shop, access_token from sessions order by expires desc nulls last limit $1",
    [SAMPLE],
  );
  const findings = [
    ...used.flatMap(({ id, sessions }) => (id === null ? plain(sessions) : [])),
    ...used.flatMap(({ id, sessions }) => missing(id, sessions, keys)),
    ...broken(sample, keys),
  ];
  if (findings.length > 0) return findings;
  const total = used.reduce((sum, { sessions }) => sum + sessions, 0);
  const current = keys[0]?.id ?? "";
  return [ok(ABOUT, `${keys.length} given, ${current} seals; ${total} stored tokens, all known`)];
}

function plain(sessions: number): Finding[] {
  const found = `${sessions} stored tokens are not sealed`;
  return [warn(ABOUT, { found, todo: "npm run rotate-keys encrypts them" })];
}

function missing(id: string | null, sessions: number, keys: readonly TokenKey[]): Finding[] {
  if (id === null || keys.some((key) => key.id === id)) return [];
  const found = `${sessions} stored tokens are sealed with key ${id}, which TOKEN_KEYS does not give`;
  const todo = `add ${id}:… after the current key; without it those merchants open the app again`;
  return [wrong(ABOUT, { found, todo })];
}

function broken(sample: readonly Row[], keys: readonly TokenKey[]): Finding[] {
  const shut = sample.filter(({ id, shop, access_token: stored }) => {
    const place = { shop, sessionId: id, column: "access_token" } as const;
    return unsealToken(stored, place, keys).kind === "broken";
  });
  if (shut.length === 0) return [];
  const ids = [...new Set(shut.map(({ access_token: stored }) => sealedWith(stored) ?? ""))];
  const found = `${shut.length} of the newest ${sample.length} tokens do not open with ${listed(ids)}`;
  const todo = `put back the bytes that ${listed(ids)} had; a new key needs a new name`;
  return [wrong(ABOUT, { found, todo })];
}
