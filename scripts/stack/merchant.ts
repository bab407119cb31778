import { Buffer } from "node:buffer";

import { sessionToken, type Site } from "./admin-api.ts";

/** Progress of one kind of work, from the app's progress route. */
export type TaskProgress = {
  task: "import" | "score" | "write" | "cleanup";
  state: "waiting" | "running" | "done" | "failed";
  done: number;
  total: number | null;
  errorCode: string | null;
};

// Shopify's library answers bots with 410, and treats Node's own user agent as one.
const userAgent =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36";

/** A merchant without a browser: the same requests the embedded page makes. */
export class Merchant {
  constructor(private readonly site: Site) {}

  /** Opens the app from the admin: this installs it by token exchange. */
  async open(): Promise<void> {
    const { appUrl, domain, shop } = this.site;
    const host = Buffer.from(`admin.shopify.com/store/${shop}`).toString("base64url");
    const url = new URL("/app", appUrl);
    const token = await sessionToken(this.site);
    const query = { embedded: "1", shop: domain, host, locale: "en", id_token: token };
    for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
    const response = await fetch(url, { headers: { "user-agent": userAgent }, redirect: "manual" });
    if (response.status !== 200) {
      throw new Error(`opening the app answered ${response.status}: ${await response.text()}`);
    }
  }

  async progress(): Promise<TaskProgress[]> {
    const response = await this.ask("/app/progress");
    const { progress } = (await response.json()) as { progress: TaskProgress[] };
    return progress;
  }

  /** Presses "Start writing tags and metafields". */
  async agreeToWriting(): Promise<void> {
    await this.ask("/app?index&_data=routes%2Fapp._index", {
      method: "POST",
      body: new URLSearchParams({ intent: "agree" }),
    });
  }

  /** Presses "Remove everything". */
  async cleanUp(): Promise<void> {
    await this.ask("/app/settings?_data=routes%2Fapp.settings", {
      method: "POST",
      body: new URLSearchParams({ intent: "clean-up" }),
    });
  }

  /** Presses "Check now": the stored orders are compared with the shop's. */
  async check(): Promise<void> {
    await this.ask("/app?index&_data=routes%2Fapp._index", {
      method: "POST",
      body: new URLSearchParams({ intent: "check" }),
    });
  }

  private async ask(path: string, init: RequestInit = {}): Promise<Response> {
    const response = await fetch(`${this.site.appUrl}${path}`, {
      ...init,
      headers: {
        accept: "application/json",
        authorization: `Bearer ${await sessionToken(this.site)}`,
        "user-agent": userAgent,
      },
      redirect: "manual",
    });
    if (response.status >= 400) {
      throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    }
    return response;
  }
}

/** Polls one kind of work until it is done, reporting each step. @throws Error when it failed. */
export async function follow(
  merchant: Merchant,
  task: TaskProgress["task"],
  tell: (step: TaskProgress) => void,
): Promise<TaskProgress> {
  for (;;) {
    const step = (await merchant.progress()).find((progress) => progress.task === task);
    if (step) {
      tell(step);
      if (step.state === "done") return step;
      if (step.state === "failed")
        throw new Error(`${task} failed: ${step.errorCode ?? "unknown"}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
