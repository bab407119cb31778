import { beforeEach, describe, expect, it, vi } from "vitest";
import { action, loader } from "./app.privacy.$id.tsx";

// What the route asks; what these do themselves is tested where they stand.
const asked = vi.hoisted(() => ({ readReport: vi.fn(), handOver: vi.fn() }));
vi.mock("#app/privacy/reports/reports.server.ts", () => asked);
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
    asked.readReport.mockResolvedValue({ id: "7" });
    asked.handOver.mockResolvedValue(true);
    expect(await loader(visit("7"))).toEqual({ view: { id: "7" } });
    expect(await action(visit("7", handedOver()))).toEqual({ done: true });
    for (const ask of [asked.readReport, asked.handOver]) {
      expect(ask).toHaveBeenCalledWith("gifts.myshopify.com", "7");
    }
  });

  it("is not found where the shop has none", async () => {
    asked.readReport.mockResolvedValue(null);
    asked.handOver.mockResolvedValue(false);
    await expect(loader(visit("8"))).rejects.toMatchObject({ status: 404 });
    await expect(action(visit("8", handedOver()))).rejects.toMatchObject({ status: 404 });
  });

  it("is not asked for by what no id can be, nor handed over by what is no form for it", async () => {
    for (const id of ["a\0b", "1".repeat(6_000)]) {
      await expect(loader(visit(id))).rejects.toMatchObject({ status: 400 });
      await expect(action(visit(id, handedOver()))).rejects.toMatchObject({ status: 400 });
    }
    const json = { method: "POST", body: "{}", headers: { "content-type": "application/json" } };
    await expect(action(visit("7", json))).rejects.toMatchObject({ status: 400 });
    await expect(action(visit("7", handedOver("x")))).rejects.toMatchObject({ status: 400 });
    expect(asked.handOver).not.toHaveBeenCalled();
    expect(asked.readReport).not.toHaveBeenCalled();
  });
});
