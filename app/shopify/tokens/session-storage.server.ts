import { Session } from "@shopify/shopify-api";
import { PrismaSessionStorage } from "@shopify/shopify-app-session-storage-prisma";

import { takeLock } from "#app/lib/advisory-locks.server.ts";
import { inTransaction, type prisma } from "#app/lib/db.server.ts";
import { AppError } from "#app/lib/errors.ts";
import { shopDomain } from "#app/lib/ids.ts";
import { log } from "#app/lib/log.server.ts";

import { issued, places, readSealed, replaceToken, unseal } from "./stored-token.server.ts";

/** Stores the library's sessions in our database, with sealed tokens. */
export class SealedSessionStorage extends PrismaSessionStorage<typeof prisma> {
  /**
   * Called after the library's own exchange, when ours failed. Of two pairs, the one that expires
   * later is the newer one; the other is dead.
   */
  override async storeSession(session: Session): Promise<boolean> {
    const shop = shopDomain(session.shop);
    const token = issued(new Session(session.toObject()));
    return inTransaction(async (client) => {
      await takeLock(client, "token", shop);
      const { rowCount } = await client.query(
        "select 1 from sessions where id = $1 and expires > $2::timestamptz at time zone 'UTC'",
        [session.id, session.expires ?? null],
      );
      if (rowCount !== 0) return true;
      while (
        !(await replaceToken(client, shop, { token, before: await readSealed(client, shop) }))
      );
      return true;
    });
  }

  /** A session that cannot be unsealed counts as missing, and the library replaces it. */
  override async loadSession(id: string): Promise<Session | undefined> {
    const session = await super.loadSession(id);
    return session === undefined ? undefined : opened(session);
  }

  override async findSessionsByShop(shop: string): Promise<Session[]> {
    const sessions = await super.findSessionsByShop(shop);
    return sessions.map(opened).filter((session) => session !== undefined);
  }
}

function opened(session: Session): Session | undefined {
  const place = places(session.shop, session.id);
  try {
    if (session.accessToken) session.accessToken = unseal(session.accessToken, place.access);
    if (session.refreshToken) session.refreshToken = unseal(session.refreshToken, place.refresh);
    return session;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    log.error({ shop: session.shop, found: error.message }, "a session cannot be opened");
    return undefined;
  }
}
