import { beforeEach, describe, expect, it, vi } from "vitest";

import { AppError } from "#app/lib/errors.ts";
import type { NamesAnswer } from "#app/scoring/views/customers.ts";
import { plainQuery } from "#app/scoring/views/customers-query.ts";
import { customers } from "#tests/setup/views.ts";

import { loader } from "./app.customers._index.tsx";

// What the route asks; what this does itself is tested where it stands.
const asked = vi.hoisted(() => {
  // Files share their modules: what another one has mocked must not be met here.
  vi.resetModules();
  return { readCustomers: vi.fn(), readPageNames: vi.fn() };
});
vi.mock("#app/scoring/views/customers.server.ts", () => asked);
vi.mock("#app/shop/install.server.ts", () => asked);
vi.mock("#app/shopify.server.ts", () => ({
  withAccess: (_request: Request, work: () => unknown) => work(),
  authenticate: { admin: () => Promise.resolve({ session: { shop: "gifts.myshopify.com" } }) },
}));

async function visit(search = "") {
  const request = new Request(`https://encore.example.com/app/customers${search}`);
  const deferred = await loader({ request, params: {}, context: {} });
  return deferred.data as { answer: unknown; names: Promise<NamesAnswer> };
}

const scored = { kind: "scored", list: customers };

beforeEach(() => {
  vi.resetAllMocks();
});

describe("showing the list of customers", () => {
  it("asks for what the address says in the shop of the session, and then for the page's names", async () => {
    const names = { kind: "names", names: { "12": "Harriet" } };
    asked.readCustomers.mockResolvedValue(scored);
    asked.readPageNames.mockResolvedValue(names);
    const answered = await visit("?view=due&shop=theirs.myshopify.com");
    expect(answered.answer).toEqual(scored);
    expect(await answered.names).toEqual(names);
    expect(asked.readCustomers).toHaveBeenCalledWith("gifts.myshopify.com", plainQuery("due"));
    const ids = customers.rows.map(({ customerId }) => customerId);
    expect(asked.readPageNames).toHaveBeenCalledWith("gifts.myshopify.com", ids);
  });

  it("does not wait for the names, and answers their failures with a code", async () => {
    asked.readCustomers.mockResolvedValue(scored);
    const lost = new AppError("shopify-unauthorized", "no", { retryable: false });
    for (const thrown of [lost, new Response(null, { status: 401 })]) {
      asked.readPageNames.mockRejectedValue(thrown);
      const answered = await visit();
      expect(await answered.names).toEqual({ kind: "failed", code: "shopify-unauthorized" });
    }
  });

  it("asks Shopify nothing where there is no list", async () => {
    asked.readCustomers.mockResolvedValue({ kind: "refused" });
    expect(await (await visit()).names).toEqual({ kind: "names", names: {} });
    expect(asked.readPageNames).not.toHaveBeenCalled();
  });

  it("refuses an address that is none of a list, with what would be right", async () => {
    for (const odd of ["?view=everybody", "?after=1", "?value=huge"]) {
      const thrown: unknown = await visit(odd).catch((error: unknown) => error);
      if (!(thrown instanceof Response)) throw new Error("expected a thrown response");
      expect(thrown.status).toBe(400);
      expect(await thrown.text()).toMatch(/^found ".*": expected /);
    }
    expect(asked.readCustomers).not.toHaveBeenCalled();
  });
});
