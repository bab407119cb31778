import pg from "pg";

import { type AdminApi, openAdminApi } from "./admin-api.ts";
import type { Stack } from "./stack.ts";

const NAMESPACE = "encore";
const PAGE = `query Page($after: String) {
  customers(first: 250, after: $after, sortKey: ID) {
    nodes {
      id
      tags
      clvTier: metafield(namespace: "${NAMESPACE}", key: "clv_tier") { value }
      buyTier: metafield(namespace: "${NAMESPACE}", key: "buy_tier") { value }
      expectedSpend: metafield(namespace: "${NAMESPACE}", key: "expected_spend") { value }
      buyProbability: metafield(namespace: "${NAMESPACE}", key: "buy_probability") { value }
      nextOrderFrom: metafield(namespace: "${NAMESPACE}", key: "next_order_from") { value }
      nextOrderTo: metafield(namespace: "${NAMESPACE}", key: "next_order_to") { value }
      scoredAt: metafield(namespace: "${NAMESPACE}", key: "scored_at") { value }
    }
    pageInfo { hasNextPage endCursor }
  }
}`;

type Value = { value: string } | null;
export type CustomerNode = {
  id: string;
  tags: string[];
  clvTier: Value;
  buyTier: Value;
  expectedSpend: Value;
  buyProbability: Value;
  nextOrderFrom: Value;
  nextOrderTo: Value;
  scoredAt: Value;
};
type PageData = {
  customers: {
    nodes: CustomerNode[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
};

export type ScoreRow = {
  customer_id: string;
  clv_tier: string;
  buy_tier: string;
  expected_spend_minor: number;
  buy_probability: number;
  next_order_from: string | null;
  next_order_to: string | null;
};

export type Comparison = {
  customers: number;
  tagsWritten: number;
  mismatches: number;
  /** The first few, in words, without personal data. */
  examples: string[];
};

/** Every customer of a shop with its tags and our metafields, from the Admin API. */
export async function* everyCustomer(ask: AdminApi): AsyncGenerator<CustomerNode> {
  let after: string | null = null;
  for (;;) {
    const { customers } = (await ask(PAGE, { after })) as PageData;
    yield* customers.nodes;
    if (!customers.pageInfo.hasNextPage) return;
    after = customers.pageInfo.endCursor;
  }
}

export function ourTags(tags: string[], prefix: string): string[] {
  return tags.filter((tag) => tag.toLowerCase().startsWith(`${prefix}:`));
}

function differs(what: string, found: unknown, wanted: unknown): string[] {
  return found === wanted ? [] : [`${what} is ${String(found)}, scores say ${String(wanted)}`];
}

/** A written decimal must be the score, rounded to the digits it is written with (two at least). */
function rounded(what: string, found: Value, score: number): string[] {
  const digits = found?.value.split(".")[1]?.length ?? 0;
  // One part in a million tolerates the last bit of a tie, and nothing else.
  const right =
    found !== null &&
    Math.abs(Number(found.value) - score) <= 0.500001 * 10 ** -Math.max(digits, 2);
  return right ? [] : [`${what} is ${String(found?.value)}, scores say ${score}`];
}

function differenceOf(node: CustomerNode, score: ScoreRow | undefined): string[] {
  const clv = ourTags(node.tags, "clv").join(" ");
  const buy = ourTags(node.tags, "buy").join(" ");
  const fields = [
    node.clvTier,
    node.buyTier,
    node.expectedSpend,
    node.buyProbability,
    node.nextOrderFrom,
    node.nextOrderTo,
    node.scoredAt,
  ];
  if (!score) {
    const metafields = fields.filter((field) => field !== null).length;
    return [...differs("clv tag", clv, ""), ...differs("buy tag", buy, "")].concat(
      differs("number of metafields", metafields, 0),
    );
  }
  return [
    ...differs("clv tag", clv, `clv:${score.clv_tier}`),
    ...differs("buy tag", buy, `buy:${score.buy_tier}`),
    ...differs("clv_tier", node.clvTier?.value, score.clv_tier),
    ...differs("buy_tier", node.buyTier?.value, score.buy_tier),
    ...rounded("expected_spend", node.expectedSpend, score.expected_spend_minor / 100),
    ...rounded("buy_probability", node.buyProbability, score.buy_probability),
    ...differs("next_order_from", node.nextOrderFrom?.value ?? null, score.next_order_from),
    ...differs("next_order_to", node.nextOrderTo?.value ?? null, score.next_order_to),
    ...(node.scoredAt ? [] : ["scored_at is missing"]),
  ];
}

async function scoresOf(stack: Stack): Promise<Map<string, ScoreRow>> {
  const client = new pg.Client(stack.databaseUrl);
  await client.connect();
  try {
    const { rows } = await client.query<ScoreRow>(
      `select customer_id, clv_tier, buy_tier, expected_spend_minor, buy_probability,
              next_order_from::text, next_order_to::text
         from scores where shop = $1`,
      [stack.domain],
    );
    return new Map(rows.map((row) => [row.customer_id, row]));
  } finally {
    await client.end();
  }
}

/**
 * Reads every customer's tags and metafields from the (simulated) Admin API and compares them with the scores:
 * one `clv:` and one `buy:` tag for each scored customer, none for others. Amounts are assumed to have two
 * decimals, as in the currencies of the demo shops.
 */
export async function compareWithShopify(stack: Stack): Promise<Comparison> {
  const [ask, scores] = await Promise.all([openAdminApi(stack), scoresOf(stack)]);
  const result: Comparison = { customers: 0, tagsWritten: 0, mismatches: 0, examples: [] };
  const unseen = new Set(scores.keys());
  const note = (id: string, differences: string[]) => {
    if (differences.length === 0) return;
    result.mismatches += 1;
    if (result.examples.length < 5) result.examples.push(`${id}: ${differences.join("; ")}`);
  };
  for await (const node of everyCustomer(ask)) {
    const id = node.id.slice(node.id.lastIndexOf("/") + 1);
    result.customers += 1;
    result.tagsWritten += ourTags(node.tags, "clv").length + ourTags(node.tags, "buy").length;
    unseen.delete(id);
    note(node.id, differenceOf(node, scores.get(id)));
  }
  for (const id of unseen) note(id, ["scored, but Shopify has no such customer"]);
  return result;
}
