import { pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { log } from "#app/lib/log.server.ts";

const POLL_MS = 1_000;
const ENDED = "ended";
/** A shop without a row: its first page has not been opened yet. */
const UNKNOWN = "unknown";

/** Watches that the shop still has the app while a task runs. */
export type Presence = {
  /** Aborts when the app was removed, even if it has been installed again since. */
  left: AbortSignal;
  release: () => void;
};

/** For tasks that run whether the app is installed or not. */
export const alwaysPresent: Presence = {
  left: new AbortController().signal,
  release: () => undefined,
};

/**
 * Watches the installation that a task works for.
 *
 * @returns null when there is none, or when leftovers of an earlier one are still being erased:
 * then the task must not run
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
        log.warn({ shop, err: error }, "could not check whether the app is still installed");
      },
    );
  }, POLL_MS);
  return {
    left: left.signal,
    release: () => {
      clearInterval(timer);
    },
  };
}

/**
 * A value that changes with each installation of a shop, and when one was brought up to date after
 * a gap.
 */
async function readInstallation(shop: ShopDomain): Promise<string> {
  const { rows } = await pool.query<{ installation: string }>(
    `select case when uninstalled_at is not null or leftovers then '${ENDED}'
                 else extract(epoch from greatest(installed_at, restored_at))::text end as installation
       from shops where shop = $1`,
    [shop],
  );
  return rows[0]?.installation ?? UNKNOWN;
}
