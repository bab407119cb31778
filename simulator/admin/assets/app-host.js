import { startChrome } from "./app-chrome.js";
import { showToast } from "./toasts.js";

/** How long the frame waits for the app before it shows that the app does not seem to be running. */
const silenceMs = 8000;

/** The frame's side of App Bridge: answers the app in the iframe, and nobody else. */
export function startAppHost() {
  const frame = document.getElementById("app-frame");
  if (!(frame instanceof HTMLIFrameElement)) return;
  const launch = new URL(frame.dataset["src"] ?? "");
  const appOrigin = launch.origin;
  const adminHome = frame.dataset["adminHome"] ?? "";
  const appHome = frame.dataset["appHome"] ?? "";
  /** @type {Map<string, () => void>} */
  const toasts = new Map();

  /** @param {Record<string, unknown>} message */
  const post = (message) => {
    frame.contentWindow?.postMessage({ bridge: "admin", ...message }, appOrigin);
  };
  /** @param {string} type @param {unknown} data */
  const tell = (type, data) => post({ type, data });
  const chrome = startChrome({ tell, appHome });

  /** @type {Record<string, (data: never) => unknown>} */
  const answers = {
    idToken: () => fetchIdToken(frame.dataset["idToken"] ?? ""),
    leave: () => chrome.confirmLeave(),
    navigation: chrome.setNavigation,
    titleBar: chrome.setTitleBar,
    saveBar: chrome.setSaveBar,
    loading: chrome.setLoading,
    place: (/** @type {{ path: string }} */ { path }) => {
      history.replaceState(history.state, "", placeOf(appHome, path));
      chrome.setPlace(path);
    },
    admin: (/** @type {{ path: string, target: string }} */ { path, target }) => {
      const url = new URL(adminHome + path.replace(/^\/*/, "/"), location.origin);
      if (target === "_blank") window.open(url, "_blank", "noopener");
      else void chrome.leaveTo(url.href);
    },
    open: (/** @type {{ url: string }} */ data) => {
      const url = new URL(data.url);
      if (url.origin === appOrigin) location.assign(placeOf(appHome, url.pathname + url.search));
      else if (/^https?:$/.test(url.protocol)) location.assign(url);
    },
    missing: (/** @type {{ what: string }} */ { what }) => {
      const message = (frame.dataset["noPage"] ?? "").replace("{what}", () => what);
      showToast({ message, isError: true });
    },
    toast: (/** @type {AppToast} */ toast) => {
      const action = toast.action
        ? { text: toast.action, run: () => tell("toastAction", toast.id) }
        : undefined;
      const onDismiss = () => tell("toastDismissed", toast.id);
      toasts.set(toast.id, showToast({ ...toast, action, onDismiss }));
    },
    toastHide: (/** @type {{ id: string }} */ { id }) => toasts.get(id)?.(),
  };

  let heard = false;
  window.addEventListener("message", (event) => {
    if (event.source !== frame.contentWindow || event.origin !== appOrigin) return;
    if (event.data?.bridge !== "app") return;
    heard = true;
    setSilent(false);
    const { id, type, data } = event.data;
    const answer = Object.hasOwn(answers, type) ? answers[type] : undefined;
    if (!answer) return;
    void Promise.resolve(answer(/** @type {never} */ (data))).then((result) => {
      if (typeof id === "number") post({ id, data: result });
    });
  });

  setTimeout(() => setSilent(!heard), silenceMs);
  // Only now, so that no message of the app arrives before there is a listener.
  frame.src = launch.href;
}

/**
 * @typedef {object} AppToast
 * @property {string} id
 * @property {string} message
 * @property {boolean} isError
 * @property {number} [duration]
 * @property {string} [action]
 */

/** @param {string} address */
async function fetchIdToken(address) {
  const response = await fetch(address, { headers: { accept: "application/json" } });
  const { token } = await response.json();
  return token;
}

/**
 * The URL that the merchant sees for a path of the app.
 * @param {string} appHome
 * @param {string} path
 */
function placeOf(appHome, path) {
  return new URL(appHome + path.replace(/^\/*/, "/"), location.origin).href;
}

/** @param {boolean} silent */
function setSilent(silent) {
  const note = document.getElementById("app-silent");
  if (note) note.hidden = !silent;
}
