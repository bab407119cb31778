import type { ShopDomain } from "#app/lib/ids.ts";
import type { TokenKey } from "#app/lib/token-keys.ts";
import { unsealToken } from "#app/shopify/tokens/token-seal.ts";

import type { Read } from "./database.ts";
import { type Finding, ok, warn, wrong } from "./finding.ts";

const OPEN = "open the app in the shop's admin: it gets a new token with the page";

/** The stored installation of a shop. */
export type Installation = { installedAt: Date; fullHistory: boolean };

type ShopRow = {
  installed_at: Date;
  uninstalled_at: Date | null;
  access_lost_at: Date | null;
  access_lost_code: string | null;
  full_history: boolean;
};

/** @returns with `installation` null when it is not installed */
export async function readInstallation(
  read: Read,
  shop: ShopDomain,
): Promise<{ installation: Installation | null; findings: Finding[] }> {
  const [row] = await read<ShopRow>(
    `select installed_at, uninstalled_at, access_lost_at, access_lost_code, full_history
       from shops where shop = $1`,
    [shop],
  );
  if (row === undefined) {
    const todo = "install it on the store from the Dev Dashboard, and open it in the admin";
    const found = `${shop} has not opened the app`;
    return { installation: null, findings: [wrong("Shop", { found, todo })] };
  }
  const { installed_at: installedAt, full_history: fullHistory } = row;
  if (row.uninstalled_at !== null) {
    const found = `${shop} has removed the app, on ${row.uninstalled_at.toISOString()}`;
    return { installation: null, findings: [wrong("Shop", { found, todo: "install it again" })] };
  }
  const lost = row.access_lost_at;
  const findings =
    lost === null
      ? [ok("Shop", `${shop} has installed the app, on ${installedAt.toISOString()}`)]
      : [lostAccess(shop, lost, row.access_lost_code ?? "unknown")];
  return { installation: { installedAt, fullHistory }, findings };
}

function lostAccess(shop: ShopDomain, since: Date, code: string): Finding {
  const found = `access to ${shop} was lost on ${since.toISOString()} (${code}): its work has stopped`;
  return wrong("Shop", { found, todo: OPEN });
}

type SessionRow = { sealed: string; expires: number | null; refresh: number | null };

/** The token, if it can be decrypted and has not expired; otherwise what is wrong with it. */
export async function readStoredToken(
  read: Read,
  shop: ShopDomain,
  keys: readonly TokenKey[],
): Promise<{ token: string } | Finding> {
  // The offline session's id in Shopify's library, which stores UTC without a time zone.
  const sessionId = `offline_${shop}`;
  const [row] = await read<SessionRow>(
    `select access_token as sealed,
            (extract(epoch from expires at time zone 'UTC') * 1000)::float8 as expires,
            (extract(epoch from refresh_token_expires at time zone 'UTC') * 1000)::float8 as refresh
       from sessions where id = $1`,
    [sessionId],
  );
  if (row === undefined) return wrong("Token", { found: "none is stored", todo: OPEN });
  const place = { shop, sessionId, column: "access_token" } as const;
  const opened = unsealToken(row.sealed, place, keys);
  if (opened.kind !== "token") {
    const found =
      opened.kind === "key-missing"
        ? `it is sealed with key ${opened.keyId}, which TOKEN_KEYS does not give`
        : `it does not open with key ${opened.keyId}`;
    return wrong("Token", { found, todo: `add that key to TOKEN_KEYS; or ${OPEN}` });
  }
  return ranOut(row) ?? { token: opened.token };
}

function ranOut({ expires, refresh }: SessionRow): Finding | null {
  const now = Date.now();
  if (expires === null || expires > now) return null;
  const at = new Date(expires).toISOString();
  if (refresh !== null && refresh <= now) {
    const found = `it ran out on ${at}, and what renews it on ${new Date(refresh).toISOString()}`;
    return wrong("Token", { found, todo: OPEN });
  }
  const found = `it ran out on ${at}, as they do after an hour: whether it can be renewed is not known`;
  const todo = "the next job or page renews it; run this within an hour after that";
  return warn("Token", { found, todo });
}
