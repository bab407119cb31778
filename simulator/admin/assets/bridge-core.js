/*
 * App Bridge for the simulated admin, first part: messages, session tokens, fetch, and the global
 * `shopify`. It runs inside the app's iframe and talks only to the frame it was loaded from.
 */
(() => {
  const script = /** @type {HTMLScriptElement | null} */ (document.currentScript);
  const adminOrigin = new URL(script?.src ?? location.href).origin;
  const framed = window.parent !== window;

  /* A page that is reloaded within the app no longer has the query of the first address. */
  const memory = "simulated-app-bridge";
  const query = new URLSearchParams(location.search);
  /** @type {Record<string, string>} */
  const launched = JSON.parse(sessionStorage.getItem(memory) ?? "{}");
  for (const name of ["shop", "host", "locale"]) {
    const value = query.get(name);
    if (value) launched[name] = value;
  }
  sessionStorage.setItem(memory, JSON.stringify(launched));

  let lastId = 0;
  /** @type {Map<number, (result: unknown) => void>} */
  const waiting = new Map();
  /** @type {Map<string, (data: never) => void>} */
  const handlers = new Map();

  /** @type {SimulatedBridge["tell"]} */
  const tell = (type, data) => {
    if (framed) window.parent.postMessage({ bridge: "app", type, data }, adminOrigin);
  };
  /** @type {SimulatedBridge["ask"]} */
  const ask = (type, data) =>
    new Promise((resolve, reject) => {
      if (!framed) return reject(new Error("This page is not inside the admin."));
      const id = ++lastId;
      waiting.set(id, resolve);
      window.parent.postMessage({ bridge: "app", id, type, data }, adminOrigin);
    });

  window.addEventListener("message", (event) => {
    if (event.origin !== adminOrigin || event.source !== window.parent) return;
    if (event.data?.bridge !== "admin") return;
    const { id, type, data } = event.data;
    if (typeof id === "number") {
      waiting.get(id)?.(data);
      waiting.delete(id);
      return;
    }
    handlers.get(type)?.(/** @type {never} */ (data));
  });

  const idToken = async () => String(await ask("idToken"));

  /** @param {unknown} message @param {SimulatedToastOptions} [options] */
  const showToast = (message, options = {}) => {
    const id = `toast-${++lastId}`;
    toasts.set(id, options);
    const { duration, isError, action } = options;
    tell("toast", { id, message: String(message), duration, isError: isError === true, action });
    return id;
  };
  /** @type {Map<string, SimulatedToastOptions>} */
  const toasts = new Map();
  handlers.set("toastAction", (/** @type {string} */ id) => toasts.get(id)?.onAction?.());
  handlers.set("toastDismissed", (/** @type {string} */ id) => {
    toasts.get(id)?.onDismiss?.();
    toasts.delete(id);
  });

  /*
   * Requests to the app's own server carry a session token; when the server says that it has expired,
   * they are sent again with a new one, and when it names a URL, the admin navigates to it.
   */
  const plainFetch = window.fetch.bind(window);
  window.fetch = async (input, init) => {
    const request = new Request(input, init);
    if (new URL(request.url).origin !== location.origin || !framed) return plainFetch(request);
    const again = request.clone();
    const own = request.headers.has("authorization");
    if (!own) request.headers.set("authorization", `Bearer ${await idToken()}`);
    let response = await plainFetch(request);
    if (response.headers.has("X-Shopify-Retry-Invalid-Session-Request") && !own) {
      again.headers.set("authorization", `Bearer ${await idToken()}`);
      response = await plainFetch(again);
    }
    const target = response.headers.get("X-Shopify-API-Request-Failure-Reauthorize-Url");
    if (target) window.open(new URL(target, location.href), "_top");
    return response;
  };

  /* The app's bounce page asks to be opened again with a token. */
  const reload = query.get("shopify-reload");
  if (reload && framed) {
    void idToken().then((token) => {
      const target = new URL(reload, location.href);
      if (target.origin !== location.origin) return;
      target.searchParams.set("id_token", token);
      location.replace(target);
    });
  }

  /** @type {SimulatedShopify} */
  const shopify = {
    config: {
      apiKey: script?.dataset["apiKey"] ?? "",
      shop: launched["shop"] ?? "",
      host: launched["host"] ?? "",
      locale: launched["locale"] ?? "en",
    },
    environment: { embedded: framed, mobile: false, pos: false },
    idToken,
    toast: { show: showToast, hide: (id) => tell("toastHide", { id }) },
    loading: (on) => tell("loading", { on: on !== false }),
  };
  window.simulatedBridge = {
    launched,
    ask,
    tell,
    on: (type, run) => handlers.set(type, run),
    shopify,
  };
  Object.assign(window, { shopify });
})();
