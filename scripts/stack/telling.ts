/** Tells the person at the terminal what goes on: one line a step, counted up in place. */
export class Telling {
  private readonly live = process.stdout.isTTY;
  private open = "";

  /** Begins or renews the line of a step. */
  step(text: string): void {
    if (text === this.open) return;
    if (this.live) process.stdout.write(`\r\x1b[2K  ${text}`);
    else if (this.open === "") process.stdout.write(`  ${text}\n`);
    this.open = text;
  }

  /** Ends the step with what came of it. */
  done(text: string, milliseconds: number): void {
    const clear = this.live ? "\r\x1b[2K" : "";
    const seconds = `${(milliseconds / 1000).toFixed(1)} s`;
    process.stdout.write(`${clear}✓ ${text.padEnd(62)} ${seconds.padStart(8)}\n`);
    this.open = "";
  }

  line(text = ""): void {
    process.stdout.write(`${text}\n`);
  }
}

/** Seconds by phase, for people and for the JSON of a check. */
export class Stopwatch {
  readonly seconds: Record<string, number> = {};

  constructor(private readonly telling: Telling) {}

  /** Runs a phase, tells it, keeps its time. */
  async phase<T>(
    name: string,
    begin: string,
    work: () => Promise<[result: T, told: string]>,
  ): Promise<T> {
    const started = performance.now();
    this.telling.step(begin);
    const [result, told] = await work();
    const elapsed = performance.now() - started;
    this.seconds[name] = Math.round(elapsed / 10) / 100;
    this.telling.done(told, elapsed);
    return result;
  }
}
