import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

import { type RunningSimulator, startSimulator } from "#simulator/server.ts";

import type { Place } from "./ask.ts";

/** A session token as App Bridge makes them; a negative `lifeSeconds` gives an expired one. */
export function sessionToken(
  { store, shop }: Place,
  lifeSeconds = 60,
  { secret, madeSecondsAgo = 0 }: { secret?: string; madeSecondsAgo?: number } = {},
): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: `https://${shop.domain}/admin`,
    dest: `https://${shop.domain}`,
    aud: store.app.apiKey,
    sub: "1",
    exp: now + lifeSeconds,
    nbf: now - 60,
    iat: now - madeSecondsAgo,
  };
  const signed = `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}`;
  const signature = createHmac("sha256", secret ?? store.app.apiSecret)
    .update(signed)
    .digest("base64url");
  return `${signed}.${signature}`;
}

type Answer = { status: number; body: Record<string, unknown>; headers: Headers };

export class Client {
  readonly #running: RunningSimulator;
  readonly #place: Place;

  constructor(running: RunningSimulator, place: Place) {
    this.#running = running;
    this.#place = place;
  }

  static async start(place: Place, options: { appConfig?: string } = {}): Promise<Client> {
    return new Client(await startSimulator({ store: place.store, port: 0, ...options }), place);
  }

  async post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(`${this.#running.origin}${path}`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json",
        "x-simulated-host": this.#place.shop.domain,
        ...headers,
      },
      body: JSON.stringify(body),
    });
    return {
      status: response.status,
      body: (await response.json()) as Record<string, unknown>,
      headers: response.headers,
    };
  }

  /** A token request: an offline exchange with the given members replaced. */
  exchange(parts: Record<string, unknown>): Promise<Answer> {
    const { app } = this.#place.store;
    return this.post("/admin/oauth/access_token", {
      client_id: app.apiKey,
      client_secret: app.apiSecret,
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
      subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
      requested_token_type: "urn:shopify:params:oauth:token-type:offline-access-token",
      expiring: "1",
      ...parts,
    });
  }

  graphql(token: unknown, query: string): Promise<Answer> {
    const headers = { "x-shopify-access-token": String(token) };
    return this.post("/admin/api/2026-10/graphql.json", { query }, headers);
  }

  close(): Promise<void> {
    return this.#running.close();
  }
}

type Received = { headers: IncomingMessage["headers"]; text: string; path: string };

/** An app that only stores the webhooks it receives, and answers as configured. */
export async function listeningApp(answers: (count: number) => number = () => 200) {
  const received: Received[] = [];
  const server = createServer((message, response) => {
    const chunks: Buffer[] = [];
    message.on("data", (chunk: Buffer) => chunks.push(chunk));
    message.on("end", () => {
      const text = Buffer.concat(chunks).toString("utf8");
      received.push({ headers: message.headers, text, path: message.url ?? "" });
      response.statusCode = answers(received.length);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return { url, received, close };
}

/** Waits in real time until a condition holds. */
export async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 400; tries += 1) {
    if (holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error("It did not come about within two seconds");
}
