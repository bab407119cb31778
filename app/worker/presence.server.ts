import { pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { log } from "#app/lib/log.server.ts";

const LOOK_MS = 1_000;
const ENDED = "ended";
/** A shop whose first import has not begun. */
const UNKNOWN = "unknown";

/** The right to work for a shop while it has the app. */
export type Presence = {
  /** Aborted when the app is removed, also when it is installed again since. */
  left: AbortSignal;
  release: () => void;
};

/** For work that is done whether the app is there or not. */
export const alwaysPresent: Presence = {
  left: new AbortController().signal,
  release: () => undefined,
};

/**
 * Watches that the installation a task works for goes on.
 *
 * @returns null when there is none, or when what an earlier one left is still being erased: then
 *   nothing is to be done
 */
export async function watchPresence(shop: ShopDomain): Promise<Presence | null> {
  const installation = await readInstallation(shop);
  if (installation === ENDED) return null;
  const left = new AbortController();
  const timer = setInterval(() => {
    readInstallation(shop).then(
      (current) => {
        const same = current === installation || (installation === UNKNOWN && current !== ENDED);
        if (!same && !left.signal.aborted) left.abort(new Error("The app was removed"));
      },
      (error: unknown) => {
        log.warn({ shop, err: error }, "could not look whether the app is still there");
      },
    );
  }, LOOK_MS);
  return {
    left: left.signal,
    release: () => {
      clearInterval(timer);
    },
  };
}

/** What tells one installation of a shop from the next, and from the same one after it was interrupted. */
async function readInstallation(shop: ShopDomain): Promise<string> {
  const { rows } = await pool.query<{ installation: string }>(
    `select case when uninstalled_at is not null or leftovers then '${ENDED}'
                 else extract(epoch from greatest(installed_at, restored_at))::text end as installation
       from shops where shop = $1`,
    [shop],
  );
  return rows[0]?.installation ?? UNKNOWN;
}
