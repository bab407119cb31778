/**
 * The days of grace: from a confirmed departure until anything is erased. Shopify asks for the
 * erasure 48 hours after an uninstallation, and allows 30 days for it; a merchant who comes back
 * meanwhile finds the app unchanged.
 */
export const GRACE_DAYS = 3;

/**
 * SQL condition: the days of grace are not over.
 *
 * @param shops the alias of the table
 */
export function inGrace(shops: string): string {
  return `${shops}.uninstalled_at > now() - interval '${GRACE_DAYS} days'`;
}
