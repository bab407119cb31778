import { Session } from "@shopify/shopify-api";
import { PrismaSessionStorage } from "@shopify/shopify-app-session-storage-prisma";

import type { prisma } from "#app/db.server.ts";
import { AppError } from "#app/errors.ts";
import { log } from "#app/log.server.ts";

import { places, seal, unseal } from "./stored-token.server.ts";

/** The library's sessions in our database, their tokens sealed on the way in and opened on the way out. */
export class SealedSessionStorage extends PrismaSessionStorage<typeof prisma> {
  override storeSession(session: Session): Promise<boolean> {
    const place = places(session.shop, session.id);
    const sealed = new Session(session.toObject());
    if (session.accessToken) sealed.accessToken = seal(session.accessToken, place.access);
    if (session.refreshToken) sealed.refreshToken = seal(session.refreshToken, place.refresh);
    return super.storeSession(sealed);
  }

  /** A session that cannot be opened counts as none: the library then gets the merchant a new one. */
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
