import { pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";

/** Whether the merchant closed the card with the first steps. */
export async function isOnboardingDismissed(shop: ShopDomain): Promise<boolean> {
  const { rowCount } = await pool.query(
    "select 1 from shops where shop = $1 and onboarding_dismissed_at is not null",
    [shop],
  );
  return rowCount !== 0;
}

/** Closes the card for good, for everybody who works in the shop. */
export async function dismissOnboarding(shop: ShopDomain): Promise<void> {
  await pool.query(
    "update shops set onboarding_dismissed_at = coalesce(onboarding_dismissed_at, now()) where shop = $1",
    [shop],
  );
}
