import { pool, prisma } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { type Purchases, simulateStore } from "#engine";

/** A newly installed shop. */
export async function storeShop(shop: ShopDomain, changes: { fullHistory?: boolean } = {}) {
  await prisma.shop.create({
    data: {
      shop,
      shopifyId: "gid://shopify/Shop/1",
      name: "Test shop",
      currency: "GBP",
      timeZone: "Europe/London",
      fullHistory: changes.fullHistory ?? true,
    },
  });
}

/** Customer ids by index: of different lengths, so that text order differs from number order. */
export function customerIdOf(index: number): string {
  return String(7_000 + index * 13);
}

/** Inserts purchases into `orders`, one order each, amounts in hundredths. */
export async function storePurchases(shop: ShopDomain, purchases: Purchases): Promise<void> {
  const { customer, day, amount } = purchases;
  const at = [...day].map((each) => new Date(each * 86_400_000 + 43_200_000).toISOString());
  await pool.query(
    `insert into orders (shop, order_id, customer_id, processed_at, updated_at, day, amount_minor,
                         test, tags)
     select $1, o.id, o.customer, o.at, o.at, o.at::date, o.amount, false, '{}'
       from unnest($2::text[], $3::text[], $4::timestamptz[], $5::bigint[])
         as o (id, customer, at, amount)`,
    [
      shop,
      [...customer].map((_, row) => String(100_000 + row)),
      [...customer].map(customerIdOf),
      at,
      [...amount].map((each) => Math.max(1, Math.round(each * 100))),
    ],
  );
}

/** Two years of orders of a few hundred customers, until the day before `asOfDay`. */
export function smallStore(asOfDay: number, customers = 600): Purchases {
  return simulateStore({ seed: 7, customers, startDay: asOfDay - 730, endDay: asOfDay }).purchases;
}
