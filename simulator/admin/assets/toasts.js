/**
 * @typedef {object} Toast
 * @property {string} message
 * @property {boolean} [isError]
 * @property {number} [duration] milliseconds; an error stays until it is dismissed
 * @property {{ text: string, run: () => void }} [action]
 * @property {{ text: string, href: string }} [link]
 * @property {() => void} [onDismiss]
 */

const usualMilliseconds = 5000;

/**
 * Shows a message at the bottom of the frame, in a live region that exists from the start so that screen
 * readers announce it. Its timer pauses while it is hovered or focused.
 * @param {Toast} toast
 * @returns {() => void} removes it
 */
export function showToast(toast) {
  const region = document.getElementById("toasts");
  if (!region) return () => undefined;
  const box = document.createElement("div");
  box.className = toast.isError ? "toast error" : "toast";
  const text = document.createElement("span");
  text.textContent = toast.message;
  box.append(text);
  let timer = 0;
  const remove = () => {
    clearTimeout(timer);
    if (!box.isConnected) return;
    box.remove();
    toast.onDismiss?.();
  };
  if (toast.action) {
    const { text: label, run } = toast.action;
    box.append(
      button(label, "toast-action", () => {
        run();
        remove();
      }),
    );
  }
  if (toast.link) {
    const link = document.createElement("a");
    link.href = toast.link.href;
    link.textContent = toast.link.text;
    link.className = "toast-action";
    box.append(link);
  }
  const dismiss = button("✕", "toast-dismiss", remove);
  dismiss.setAttribute("aria-label", region.dataset["dismiss"] ?? "");
  box.append(dismiss);
  const start = () => {
    if (!toast.isError) timer = window.setTimeout(remove, toast.duration ?? usualMilliseconds);
  };
  const stop = () => clearTimeout(timer);
  for (const type of ["mouseenter", "focusin"]) box.addEventListener(type, stop);
  for (const type of ["mouseleave", "focusout"]) box.addEventListener(type, start);
  region.append(box);
  start();
  return remove;
}

/**
 * @param {string} label
 * @param {string} className
 * @param {() => void} run
 */
function button(label, className, run) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = className;
  element.textContent = label;
  element.addEventListener("click", run);
  return element;
}
