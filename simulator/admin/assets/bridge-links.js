/*
 * App Bridge for the simulated admin, second part: the app's location, and links that leave it.
 * `shopify://admin/…` and https://admin.shopify.com/store/… mean pages of the frame.
 */
(() => {
  const { tell, on, launched, shopify } = window.simulatedBridge;

  /** Query parameters that the admin adds to the app's URL and does not show in its own. */
  const added = ["embedded", "shop", "host", "locale", "session", "timestamp", "id_token", "hmac"];
  let reported = "";
  const reportPlace = () => {
    const query = new URLSearchParams(location.search);
    if (query.has("shopify-reload") || query.has("exitIframe")) return;
    for (const name of added) query.delete(name);
    const search = query.toString();
    const path = location.pathname + (search === "" ? "" : `?${search}`);
    if (path === reported) return;
    reported = path;
    tell("place", { path });
  };
  for (const name of /** @type {const} */ (["pushState", "replaceState"])) {
    const original = history[name].bind(history);
    history[name] = (state, unused, url) => {
      original(state, unused, url);
      reportPlace();
    };
  }
  window.addEventListener("popstate", reportPlace);
  window.addEventListener("pageshow", reportPlace);
  reportPlace();

  /**
   * The admin path of a URL (`/customers/1`), or null if it is not a URL of the admin.
   * @param {string} address
   */
  const adminPath = (address) => {
    const short = /^shopify:\/*admin(\/.*)?$/i.exec(address);
    if (short) return short[1] ?? "/";
    const long = /^https:\/\/admin\.shopify\.com\/store\/[^/?#]+(.*)$/i.exec(address);
    return long ? long[1] || "/" : null;
  };

  /**
   * @param {string} address
   * @param {"_self" | "_blank"} target
   * @returns {boolean} whether the admin handles it
   */
  const leaveTo = (address, target) => {
    const path = adminPath(address);
    if (path !== null) {
      tell("admin", { path, target });
      return true;
    }
    return false;
  };

  const plainOpen = window.open.bind(window);
  window.open = (url, target, features) => {
    const address = String(url ?? "");
    const top = target === "_top" || target === "_parent";
    if (leaveTo(address, top || target === "_self" ? "_self" : "_blank")) return null;
    if (!top) return plainOpen(url, target, features);
    tell("open", { url: new URL(address, location.href).href });
    return null;
  };

  document.addEventListener(
    "click",
    (event) => {
      if (event.defaultPrevented || event.button !== 0) return;
      const origin = event.composedPath().find((node) => node instanceof Element);
      const link = origin instanceof Element ? origin.closest("a[href], s-link[href]") : null;
      const href = link?.getAttribute("href");
      if (!link || !href) return;
      const target = link.getAttribute("target");
      const apart = target === "_blank" || event.ctrlKey || event.metaKey || event.shiftKey;
      const top = target === "_top" || target === "_parent";
      if (!leaveTo(href, apart ? "_blank" : "_self")) {
        if (!top || apart) return;
        tell("open", { url: new URL(href, location.href).href });
      }
      event.preventDefault();
      event.stopPropagation();
    },
    true,
  );

  /** Navigates with the app's router; before the app has started, the page is loaded instead. */
  on("navigate", (/** @type {string} */ href) => {
    const target = new URL(href, location.href);
    if (target.origin !== location.origin) return;
    if (document.readyState !== "complete") {
      for (const [name, value] of Object.entries(launched)) target.searchParams.set(name, value);
      target.searchParams.set("embedded", "1");
      location.assign(target);
      return;
    }
    const known = [...document.querySelectorAll("ui-nav-menu a, s-app-nav a, s-app-nav s-link")];
    const link = known.find((candidate) => candidate.getAttribute("href") === href);
    const from = link ?? document.body.appendChild(document.createElement("a"));
    if (!link) from.setAttribute("href", href);
    from.dispatchEvent(new CustomEvent("shopify:navigate", { bubbles: true, cancelable: true }));
    if (!link) from.remove();
  });

  /*
   * Intents open pages of the admin. Shopify resolves `complete` when the merchant has finished there; here
   * the page replaces the app, and an intent without a page is closed at once.
   */
  const intentPages = /** @type {Record<string, (id: string) => string>} */ ({
    "edit:shopify/Customer": (id) => `/customers/${id}`,
  });
  shopify.intents = {
    invoke: (intent, options = {}) => {
      const name = typeof intent === "string" ? intent : `${intent.action}:${intent.type}`;
      const value = typeof intent === "string" ? options.value : intent.value;
      const page = intentPages[name];
      if (page && value) leaveTo(`shopify://admin${page(value.split("/").pop() ?? "")}`, "_self");
      else tell("missing", { what: name });
      return Promise.resolve({ complete: Promise.resolve({ code: "closed" }) });
    },
  };
})();
