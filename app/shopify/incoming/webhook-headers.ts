import { isShopDomain } from "#app/lib/ids.ts";

const WEBHOOK_ID = /^[\x21-\x7e]{1,255}$/;

const INSTANT = /^(\d{4})-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;
const FIRST_YEAR = 2000;
const LAST_YEAR = 2199;

/** Whether a text is an ISO time with an offset, of a plausible year (2000 to 2199). */
export function isInstant(text: string): boolean {
  const year = Number(INSTANT.exec(text)?.[1]);
  if (!(year >= FIRST_YEAR && year <= LAST_YEAR)) return false;
  return !Number.isNaN(Date.parse(text));
}

type Headers = { domain: string; webhookId: string; triggeredAt: string | null };

/** Why a webhook's headers are invalid; null when they are valid. */
export function headerProblem({ domain, webhookId, triggeredAt }: Headers): string | null {
  if (!isShopDomain(domain)) return "the shop is not of the form name.myshopify.com";
  if (!WEBHOOK_ID.test(webhookId)) return "the webhook's id is not 1 to 255 printable characters";
  if (triggeredAt !== null && !isInstant(triggeredAt))
    return "the time of the event is no ISO time";
  return null;
}
