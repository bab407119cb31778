/**
 * The app's elements around the iframe: its pages in the navigation, the title bar, the save bar and the
 * loading bar.
 * @param {{ tell: (type: string, data: unknown) => void, appHome: string }} app
 */
export function startChrome({ tell, appHome }) {
  const saveBar = document.getElementById("savebar");
  let place = "";
  let unsaved = false;
  /** @type {NavigationItem[]} */
  let items = [];

  for (const button of document.querySelectorAll("[data-savebar]")) {
    button.addEventListener("click", () =>
      tell("saveBarPressed", button.getAttribute("data-savebar")),
    );
  }

  /** Leaving discards the changes, and the app is told, so that it does not ask again. */
  const confirmLeave = async () => {
    if (!unsaved) return true;
    if (!(await askToLeave())) return false;
    tell("saveBarPressed", "discard");
    return true;
  };
  /** @param {string} address */
  const leaveTo = async (address) => {
    if (await confirmLeave()) location.assign(address);
  };
  // Links of the frame itself would lose the app's unsaved changes too.
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
    if (!(link instanceof HTMLAnchorElement) || !unsaved || event.defaultPrevented) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || link.closest("#app-nav")) return;
    event.preventDefault();
    void leaveTo(link.href);
  });

  const drawNavigation = () => {
    const list = document.getElementById("app-nav");
    const current = currentItem(items, place);
    list?.replaceChildren(
      ...items
        .filter((item) => !item.home)
        .map((item) => {
          const link = document.createElement("a");
          link.textContent = item.text;
          link.href = appHome + item.href;
          link.setAttribute("aria-current", item === current ? "page" : "false");
          link.addEventListener("click", (event) => {
            if (event.ctrlKey || event.metaKey || event.shiftKey) return;
            event.preventDefault();
            void confirmLeave().then((leave) => leave && tell("navigate", item.href));
          });
          const entry = document.createElement("li");
          entry.append(link);
          return entry;
        }),
    );
    const home = document.querySelector(`.navigation a[href="${CSS.escape(appHome)}"]`);
    home?.setAttribute("aria-current", current && !current.home ? "false" : "page");
  };

  return {
    confirmLeave,
    leaveTo,
    /** @param {string} path */
    setPlace(path) {
      place = path;
      unsaved = false;
      if (saveBar) saveBar.hidden = true;
      document.body.classList.remove("menu-open");
      keepPlaceInLanguageLinks();
      drawNavigation();
    },
    /** @param {{ items: NavigationItem[] }} data */
    setNavigation(data) {
      items = data.items;
      drawNavigation();
    },
    /** @param {{ shown: boolean }} data */
    setSaveBar({ shown }) {
      unsaved = shown;
      if (saveBar) saveBar.hidden = !shown;
    },
    /** @param {{ on: boolean }} data */
    setLoading({ on }) {
      const bar = document.getElementById("app-loading");
      if (bar) bar.hidden = !on;
    },
    /** @param {{ title: string, documentTitle: string, buttons: TitleBarButton[] }} data */
    setTitleBar({ title, documentTitle, buttons }) {
      drawTitleBar(title, buttons, (index) => tell("titleBarButton", index));
      const name = title || documentTitle;
      if (name !== "")
        document.title = [name, ...document.title.split(" · ").slice(-2)].join(" · ");
    },
  };
}

/**
 * @typedef {{ text: string, href: string, home: boolean }} NavigationItem
 * @typedef {{ text: string, primary: boolean, disabled: boolean }} TitleBarButton
 */

/**
 * The entry with the longest path that is a prefix of the current one.
 * @param {NavigationItem[]} items
 * @param {string} place
 */
function currentItem(items, place) {
  const path = place.split("?")[0] ?? "";
  const fits = items.filter((item) => path === item.href || path.startsWith(`${item.href}/`));
  return fits.sort((a, b) => b.href.length - a.href.length)[0];
}

/**
 * @param {string} title
 * @param {TitleBarButton[]} buttons
 * @param {(index: number) => void} press
 */
function drawTitleBar(title, buttons, press) {
  const bar = document.getElementById("app-bar");
  if (!bar) return;
  bar.hidden = title === "" && buttons.length === 0;
  const heading = document.getElementById("app-title");
  if (heading) heading.textContent = title;
  document.getElementById("app-actions")?.replaceChildren(
    ...buttons.map((item, index) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = item.primary ? "button primary" : "button";
      button.textContent = item.text;
      button.disabled = item.disabled;
      button.addEventListener("click", () => press(index));
      return button;
    }),
  );
}

/** The language links point to the page that was loaded; the app has navigated since. */
function keepPlaceInLanguageLinks() {
  for (const link of document.querySelectorAll("a[data-locale]")) {
    const url = new URL(location.href);
    url.searchParams.set("locale", link.getAttribute("data-locale") ?? "en");
    link.setAttribute("href", url.pathname + url.search);
  }
}

/** @returns {Promise<boolean>} */
function askToLeave() {
  const dialog = document.getElementById("leave");
  if (!(dialog instanceof HTMLDialogElement)) return Promise.resolve(true);
  dialog.returnValue = "stay";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "leave"), { once: true });
  });
}
