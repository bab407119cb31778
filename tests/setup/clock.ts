/** Sets the app's clock, as a simulated shop does. */
export function setClock(at: string): void {
  const kept = globalThis as { encoreClock?: { offsetMs: number } };
  if (!kept.encoreClock) throw new Error("Nothing has loaded the app's clock");
  kept.encoreClock.offsetMs = Date.parse(at) - Date.now();
}
