/*
 * App Bridge for the simulated admin, third part: elements of the app that the admin displays
 * (navigation, title bar, save bar, modal). The app's own document is not modified, since its framework
 * may still be hydrating it: a style sheet hides the elements and shadow roots show them.
 */
(() => {
  const { ask, tell, on, shopify } = window.simulatedBridge;
  const style = new CSSStyleSheet();
  style.replaceSync(
    "ui-nav-menu, s-app-nav, ui-title-bar, ui-save-bar { display: none !important }" +
      "ui-modal:not(:defined), s-modal:not(:defined) { display: none }",
  );
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, style];

  /** @param {Element} element */
  const textOf = (element) => (element.textContent ?? "").trim();
  /** @param {Element} bar */
  const buttonsOf = (bar) =>
    [...bar.querySelectorAll("button")].map((button) => ({
      text: textOf(button),
      primary: button.getAttribute("variant") === "primary",
      disabled: button.disabled,
    }));

  /* Navigation and title bar: sent again whenever they have changed. */
  const said = new Map();
  /** @param {string} type @param {unknown} data */
  const tellChanged = (type, data) => {
    const text = JSON.stringify(data);
    if (said.get(type) === text) return;
    said.set(type, text);
    tell(type, data);
  };
  const pageTitleBar = () =>
    [...document.querySelectorAll("ui-title-bar")].find((bar) => !bar.closest("ui-modal"));
  const look = () => {
    const links = [...document.querySelectorAll("ui-nav-menu a, s-app-nav a, s-app-nav s-link")];
    if (links.length > 0) {
      const items = links.map((link) => ({
        text: textOf(link),
        href: link.getAttribute("href") ?? "",
        home: link.getAttribute("rel") === "home",
      }));
      tellChanged("navigation", { items });
    }
    const bar = pageTitleBar();
    const title = bar?.getAttribute("title") ?? "";
    tellChanged("titleBar", {
      title,
      documentTitle: document.title,
      buttons: bar ? buttonsOf(bar) : [],
    });
  };
  let planned = false;
  const lookSoon = () => {
    if (planned) return;
    planned = true;
    requestAnimationFrame(() => {
      planned = false;
      look();
    });
  };
  new MutationObserver(lookSoon).observe(document, {
    subtree: true,
    childList: true,
    characterData: true,
    attributes: true,
    attributeFilter: ["href", "title", "disabled", "variant"],
  });
  lookSoon();
  on("titleBarButton", (/** @type {number} */ index) => {
    pageTitleBar()?.querySelectorAll("button")[index]?.click();
  });

  /* Save bar: an element with two buttons, or a form that asks for one. */
  /** @typedef {{ save: () => void, discard: () => void, id: string }} SaveBar */
  let shown = /** @type {SaveBar | null} */ (null);
  /** @param {SaveBar | null} bar */
  const setSaveBar = (bar) => {
    if (shown?.id === bar?.id) return;
    shown = bar;
    tell("saveBar", { shown: bar !== null });
  };
  /** @param {string} id */
  const showSaveBar = async (id) => {
    const bar = document.getElementById(id);
    if (!bar) return;
    const save = /** @type {HTMLButtonElement | null} */ (
      bar.querySelector("button[variant=primary]")
    );
    const discard = /** @type {HTMLButtonElement | null} */ (
      bar.querySelector("button:not([variant=primary])")
    );
    setSaveBar({ id, save: () => save?.click(), discard: () => discard?.click() });
  };
  /** @param {string} id */
  const hideSaveBar = async (id) => {
    if (shown?.id === id) setSaveBar(null);
  };
  on("saveBarPressed", (/** @type {"save" | "discard"} */ which) => shown?.[which]());
  shopify.saveBar = {
    show: showSaveBar,
    hide: hideSaveBar,
    toggle: (id) => (shown?.id === id ? hideSaveBar(id) : showSaveBar(id)),
    leaveConfirmation: async () => {
      if (shown === null) return;
      if ((await ask("leave")) !== true) throw new Error("The merchant stayed on the page.");
    },
  };

  /** @param {Event} event */
  const formOf = (event) => {
    const form = event.target instanceof Element ? event.target.closest("form") : null;
    return form?.hasAttribute("data-save-bar") ? form : null;
  };
  document.addEventListener("input", (event) => {
    const form = formOf(event);
    if (!form) return;
    setSaveBar({ id: "form", save: () => form.requestSubmit(), discard: () => form.reset() });
  });
  for (const settled of ["submit", "reset"]) {
    document.addEventListener(settled, (event) => {
      if (formOf(event)) setSaveBar(null);
    });
  }

  /* Modal: a dialog in a shadow root around the app's own children; a title bar in it gives the buttons. */
  const modalStyle =
    "dialog { border: 0; border-radius: 16px; padding: 0; width: min(620px, calc(100vw - 32px)); font: inherit; box-shadow: 0 8px 40px rgb(0 0 0 / .3) }" +
    "dialog::backdrop { background: rgb(0 0 0 / .5) } header, footer { display: flex; gap: 8px; padding: 12px 16px; background: #f3f3f3; align-items: center }" +
    "h2 { font-size: 14px; margin: 0; flex: 1 } footer { justify-content: flex-end } footer:empty { display: none }" +
    "button { font: inherit; border: 1px solid #ccc; border-radius: 8px; padding: 6px 12px; background: #fff; cursor: pointer } button.primary { background: #303030; color: #fff }";
  class Modal extends HTMLElement {
    #dialog = document.createElement("dialog");
    #heading = document.createElement("h2");
    #footer = document.createElement("footer");

    constructor() {
      super();
      const root = this.attachShadow({ mode: "open" });
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(modalStyle);
      root.adoptedStyleSheets = [sheet];
      const header = document.createElement("header");
      const close = document.createElement("button");
      close.textContent = "✕";
      close.setAttribute("aria-label", shopify.config.locale.startsWith("fr") ? "Fermer" : "Close");
      close.addEventListener("click", () => this.hide());
      header.append(this.#heading, close);
      this.#heading.id = "title";
      this.#dialog.setAttribute("aria-labelledby", "title");
      this.#dialog.append(header, document.createElement("slot"), this.#footer);
      this.#dialog.addEventListener("close", () => this.dispatchEvent(new Event("hide")));
      root.append(this.#dialog);
    }

    show() {
      const bar = this.querySelector("ui-title-bar");
      this.#heading.textContent = bar?.getAttribute("title") ?? this.getAttribute("heading") ?? "";
      const buttons = [...(bar?.querySelectorAll("button") ?? [])].reverse();
      this.#footer.replaceChildren(
        ...buttons.map((original) => {
          const button = document.createElement("button");
          button.textContent = textOf(original);
          button.disabled = original.disabled;
          button.classList.toggle("primary", original.getAttribute("variant") === "primary");
          button.addEventListener("click", () => original.click());
          return button;
        }),
      );
      if (!this.#dialog.open) this.#dialog.showModal();
      this.dispatchEvent(new Event("show"));
    }

    hide() {
      this.#dialog.close();
    }

    toggle() {
      if (this.#dialog.open) this.hide();
      else this.show();
    }
  }
  customElements.define("ui-modal", Modal);
  customElements.define("s-modal", class extends Modal {});
  /** @param {string} id */
  const modal = (id) => {
    const element = document.getElementById(id);
    return element instanceof Modal ? element : null;
  };
  shopify.modal = {
    show: async (id) => modal(id)?.show(),
    hide: async (id) => modal(id)?.hide(),
    toggle: async (id) => modal(id)?.toggle(),
  };
})();
