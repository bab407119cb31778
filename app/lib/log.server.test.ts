import { pino } from "pino";
import { describe, expect, it, vi } from "vitest";

vi.stubEnv("SHOPIFY_API_KEY", "simulated-key");
vi.stubEnv("SHOPIFY_API_SECRET", "simulated-secret");
vi.stubEnv("SHOPIFY_APP_URL", "http://127.0.0.1:3100");
vi.stubEnv("DATABASE_URL", "postgresql://unused@127.0.0.1/unused");
vi.stubEnv("TOKEN_KEYS", `test:${Buffer.alloc(32).toString("base64")}`);
const { logOptions } = await import("./log.server.ts");

const access = "shpat_0123456789abcdef0123456789abcdef";
const refresh = "shprt_fedcba9876543210fedcba9876543210";

function line(logged: object, message = "said"): string {
  const lines: string[] = [];
  pino({ ...logOptions, level: "info" }, { write: (text) => void lines.push(text) }).info(
    logged,
    message,
  );
  return lines.join("");
}

describe("the log", () => {
  it("shows no token, wherever it occurs", () => {
    const session = { id: "offline_one", accessToken: "opaque", refreshToken: "opaque" };
    const error = new Error(`refused ${access}`, { cause: new Error(`body {"t":"${refresh}"}`) });
    const url = "/app?shop=one&id_token=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl";
    const headers = { authorization: "Bearer opaque", "x-shopify-access-token": access };
    for (const text of [
      line({ session, headers }),
      line({ err: error }),
      line({ deep: { er: { still: [access] } } }),
      line({ url }, `got ${refresh}`),
    ]) {
      expect(text).toContain("[redacted]");
      expect(text).not.toMatch(/opaque|shp[ar]t_|eyJ|0123456789|fedcba/);
      expect(() => JSON.parse(text) as unknown).not.toThrow();
    }
  });

  it("shows everything else unchanged", () => {
    const logged = { shop: "one.myshopify.com", task: "orders.import", milliseconds: 12 };
    expect(JSON.parse(line(logged, "task done"))).toMatchObject({ ...logged, msg: "task done" });
  });
});
