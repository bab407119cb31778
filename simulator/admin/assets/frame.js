import { startAppHost } from "./app-host.js";
import { startLiveParts } from "./live.js";
import { startSimulation } from "./simulation.js";

/** The scripts of the frame; each finds its own elements and does nothing if there are none. */
const menu = document.querySelector(".menu-button");
menu?.addEventListener("click", () => {
  const open = document.body.classList.toggle("menu-open");
  menu.setAttribute("aria-expanded", String(open));
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !document.body.classList.contains("menu-open")) return;
  document.body.classList.remove("menu-open");
  menu?.setAttribute("aria-expanded", "false");
  if (menu instanceof HTMLElement) menu.focus();
});

startLiveParts();
startSimulation();
startAppHost();
