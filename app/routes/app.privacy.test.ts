import { beforeEach, describe, expect, it, vi } from "vitest";

import { action, loader } from "./app.privacy.$id.tsx";

// Mocks of what the route calls, which has tests of its own.
const mocks = vi.hoisted(() => {
  // Test files share modules; this drops mocks of other files.
  vi.resetModules();
  return { readReport: vi.fn(), handOver: vi.fn() };
});
vi.mock("#app/privacy/reports/reports.server.ts", () => mocks);
vi.mock("#app/shop/install.server.ts", () => mocks);
vi.mock("#app/shopify.server.ts", () => ({
  authenticate: { admin: () => Promise.resolve({ session: { shop: "gifts.myshopify.com" } }) },
}));

function visit(id: string, init: RequestInit = {}) {
  const request = new Request("https://encore.example.com/app/privacy/x", init);
  return { request, params: { id }, context: {} };
}

const handedOver = (intent = "handed-over") => ({
  method: "POST",
  body: new URLSearchParams({ intent }),
});

beforeEach(() => {
  vi.resetAllMocks();
});

describe("a customer's request", () => {
  it("is read and handed over in the shop of the session", async () => {
    mocks.readReport.mockResolvedValue({ id: "7" });
    mocks.handOver.mockResolvedValue(true);
    expect(await loader(visit("7"))).toEqual({ view: { id: "7" } });
    expect(await action(visit("7", handedOver()))).toEqual({ done: true });
    for (const ask of [mocks.readReport, mocks.handOver]) {
      expect(ask).toHaveBeenCalledWith("gifts.myshopify.com", "7");
    }
  });

  it("is not found when the shop has none", async () => {
    mocks.readReport.mockResolvedValue(null);
    mocks.handOver.mockResolvedValue(false);
    await expect(loader(visit("8"))).rejects.toMatchObject({ status: 404 });
    await expect(action(visit("8", handedOver()))).rejects.toMatchObject({ status: 404 });
  });

  it("is refused for an invalid id or form", async () => {
    for (const id of ["a\0b", "1".repeat(6_000)]) {
      await expect(loader(visit(id))).rejects.toMatchObject({ status: 400 });
      await expect(action(visit(id, handedOver()))).rejects.toMatchObject({ status: 400 });
    }
    const json = { method: "POST", body: "{}", headers: { "content-type": "application/json" } };
    await expect(action(visit("7", json))).rejects.toMatchObject({ status: 400 });
    await expect(action(visit("7", handedOver("x")))).rejects.toMatchObject({ status: 400 });
    expect(mocks.handOver).not.toHaveBeenCalled();
    expect(mocks.readReport).not.toHaveBeenCalled();
  });
});
