import { type AdminApi, openAdminApi, type Site } from "../stack/admin-api.ts";
import type { Person } from "./compare/personal.ts";

export type KnownOrder = {
  id: string;
  customerId: string | null;
  leftMinor: number;
  cancelled: boolean;
};

/** The customers and orders of a shop, as far as events need them. */
export type Ledger = {
  site: Site;
  /** 10 to the digits of the shop's currency after the point. */
  minorPerMajor: number;
  customers: string[];
  /** All customers that ever existed. */
  people: Person[];
  orders: KnownOrder[];
};

const CUSTOMERS = `query Customers($after: String) {
  customers(first: 250, after: $after, sortKey: ID) {
    nodes { id firstName lastName defaultEmailAddress { emailAddress } } pageInfo { hasNextPage endCursor }
  }
}`;
const ORDERS = `query Orders($after: String) {
  orders(first: 100, after: $after, sortKey: ID) {
    nodes { id cancelledAt customer { id } currentTotalPriceSet { shopMoney { amount } } }
    pageInfo { hasNextPage endCursor }
  }
}`;

type Page<Node> = { nodes: Node[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
type CustomerNode = Omit<Person, "email"> & {
  id: string;
  defaultEmailAddress: { emailAddress: string } | null;
};
type OrderNode = {
  id: string;
  cancelledAt: string | null;
  customer: { id: string } | null;
  currentTotalPriceSet: { shopMoney: { amount: string } };
};

export async function readLedger(site: Site): Promise<Ledger> {
  const ask = await openAdminApi(site);
  const { shop } = (await ask("{ shop { currencyCode } }")) as { shop: { currencyCode: string } };
  const minorPerMajor = shop.currencyCode === "JPY" ? 1 : 100;
  const customers = await everyNode<CustomerNode>(ask, CUSTOMERS, "customers");
  const orders = await everyNode<OrderNode>(ask, ORDERS, "orders");
  return {
    site,
    minorPerMajor,
    customers: customers.map(({ id }) => numberOf(id)),
    people: customers.map(({ firstName, lastName, defaultEmailAddress }) => {
      return { firstName, lastName, email: defaultEmailAddress?.emailAddress ?? null };
    }),
    orders: orders.map((order) => ({
      id: numberOf(order.id),
      customerId: order.customer && numberOf(order.customer.id),
      leftMinor: Math.round(Number(order.currentTotalPriceSet.shopMoney.amount) * minorPerMajor),
      cancelled: order.cancelledAt !== null,
    })),
  };
}

async function everyNode<Node>(ask: AdminApi, query: string, root: string): Promise<Node[]> {
  const nodes: Node[] = [];
  for (let after: string | null = null; ;) {
    const data = (await ask(query, { after })) as Record<string, Page<Node> | undefined>;
    const page = data[root];
    if (page === undefined) throw new Error(`no ${root} in the answer`);
    nodes.push(...page.nodes);
    if (!page.pageInfo.hasNextPage) return nodes;
    after = page.pageInfo.endCursor;
  }
}

function numberOf(gid: string): string {
  return gid.slice(gid.lastIndexOf("/") + 1);
}
